"""Each file keeps how far apart its opinions are, beside their mean: the trigger of 0005 keeps both."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION reviews_keep_mean() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    file bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
BEGIN
    UPDATE applications_application
       SET %s
     WHERE id = file;
    RETURN NULL;
END
$body$;
"""
BOTH = KEEP % """(mean_score, score_spread) =
           (SELECT round(avg(score), 2), max(score) - min(score) FROM reviews_review WHERE application_id = file)"""
MEAN = KEEP % "mean_score = (SELECT round(avg(score), 2) FROM reviews_review WHERE application_id = file)"
OF_BEFORE = """
UPDATE applications_application a SET score_spread = m.spread
  FROM (SELECT application_id, max(score) - min(score) AS spread FROM reviews_review GROUP BY application_id) m
 WHERE m.application_id = a.id;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_undoing"), ("applications", "0008_score_spread")]

    operations = [migrations.RunSQL(BOTH + OF_BEFORE, MEAN)]
