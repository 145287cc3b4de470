"""Each file keeps the mean of its opinions, so that staff's list sorts by it however long it is.

A trigger rather than a step of each verb: opinions are given, changed, and go with whoever stands aside. Verbs have the
file locked before they touch its opinions, so the trigger waits for nobody.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION reviews_keep_mean() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    file bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
BEGIN
    UPDATE applications_application
       SET mean_score = (SELECT round(avg(score), 2) FROM reviews_review WHERE application_id = file)
     WHERE id = file;
    RETURN NULL;
END
$body$;
CREATE TRIGGER reviews_keep_mean AFTER INSERT OR DELETE OR UPDATE OF score ON reviews_review
    FOR EACH ROW EXECUTE FUNCTION reviews_keep_mean();
UPDATE applications_application a SET mean_score = m.mean
  FROM (SELECT application_id, round(avg(score), 2) AS mean FROM reviews_review GROUP BY application_id) m
 WHERE m.application_id = a.id;
"""
DROP = """
DROP TRIGGER reviews_keep_mean ON reviews_review;
DROP FUNCTION reviews_keep_mean();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_readings_of_before"), ("applications", "0006_lists")]

    operations = [migrations.RunSQL(CREATE, DROP)]
