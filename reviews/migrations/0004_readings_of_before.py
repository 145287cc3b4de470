"""What was read before there were criteria is kept under one: the whole. Minutes never change: the database refuses."""

from django.db import migrations

FORWARD = """
UPDATE reviews_release SET state = 'RUNNING' WHERE state = 'REQUESTED';
INSERT INTO cohorts_criterion (cohort_id, "order", name, low, high, weight)
    SELECT DISTINCT a.cohort_id, 1, 'Appréciation d’ensemble', '', '', 1
    FROM reviews_review r JOIN applications_application a ON a.id = r.application_id
    WHERE NOT EXISTS (SELECT 1 FROM cohorts_criterion c WHERE c.cohort_id = a.cohort_id);
INSERT INTO reviews_score (review_id, criterion_id, value)
    SELECT r.id, c.id, round(r.score)
    FROM reviews_review r
    JOIN applications_application a ON a.id = r.application_id
    JOIN cohorts_criterion c ON c.cohort_id = a.cohort_id;
UPDATE cohorts_cohort SET criteria_settled_at = given.first
    FROM (SELECT a.cohort_id, min(r.given_at) AS first FROM reviews_review r
          JOIN applications_application a ON a.id = r.application_id GROUP BY a.cohort_id) AS given
    WHERE given.cohort_id = cohorts_cohort.id;
"""
BACKWARD = """
UPDATE reviews_release SET state = 'REQUESTED' WHERE state = 'RUNNING';
"""
FROZEN = """
CREATE FUNCTION reviews_minutes_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'minutes never change';
END $$;
CREATE TRIGGER reviews_minutes_are_frozen BEFORE UPDATE OR DELETE ON reviews_minutes
    FOR EACH ROW EXECUTE FUNCTION reviews_minutes_are_frozen();
"""
THAWED = """
DROP TRIGGER reviews_minutes_are_frozen ON reviews_minutes;
DROP FUNCTION reviews_minutes_are_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_the_jury")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(FROZEN, THAWED),
    ]
