-- Leave out rows with outliers in amount, beyond 1 standard deviations.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number"
FROM "stage_1" AS t
WHERE ((t."amount" < (-1.743261870630564e+2)) OR (t."amount" > 7.790404727773421e+2)) IS NOT TRUE

-- 8 rows in, 6 out, 0 cells changed
-- without rows 5, 6
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024
