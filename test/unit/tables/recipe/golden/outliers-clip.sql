-- Clip outliers in amount, beyond 1.5 times the distance of the quartiles.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  CASE WHEN CAST(t."amount" AS DOUBLE) < (-7.364375e+2) THEN (-7.364375e+2) WHEN CAST(t."amount" AS DOUBLE) > 1.2740625e+3 THEN 1.2740625e+3 ELSE CAST(t."amount" AS DOUBLE) END AS "amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN CAST(t."amount" AS DOUBLE) < (-7.364375e+2) THEN (-7.364375e+2) WHEN CAST(t."amount" AS DOUBLE) > 1.2740625e+3 THEN 1.2740625e+3 ELSE CAST(t."amount" AS DOUBLE) END AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 5 cells changed
-- row 1, amount: 10.50 -> 10.5
-- row 2, amount: 20.00 -> 20.0
-- row 5, amount: 1000.00 -> 1000.0
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.5 | 1 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.0 | 2 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.0 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.0 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.0 | 4 | true | b | 31.02.2024
