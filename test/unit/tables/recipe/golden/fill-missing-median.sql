-- Fill what is missing in score with the median, learnt from the training rows.
CREATE TEMP TABLE "stage_3" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  coalesce(t."score", 3.5e+0) AS "score",
  t."active",
  t."tags",
  t."when",
  t."split",
  t."row_number",
  CASE WHEN CAST(t."score" AS VARCHAR) IS DISTINCT FROM CAST(coalesce(t."score", 3.5e+0) AS VARCHAR) THEN 1 ELSE 0 END AS "changed_3"
FROM "stage_2" AS t

-- 8 rows in, 8 out, 8 cells changed
-- row 1, score: 1 -> 1.0
-- row 2, score: 2 -> 2.0
-- row 3, score: 3 -> 3.0
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (decimal) | active (boolean) | tags (text) | when (text) | split (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1.0 | true | a;b;c | 05.01.2024 | train
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2.0 | false | a;b | 10.02.2024 | train
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3.0 | true | ∅ | 15.03.2024 | train
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | 3.5 | false | x | 20.04.2024 | test
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5.0 | true | a;b;c;d | 25.05.2024 | train
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5.0 | true | a;b;c;d | 25.05.2024 | train
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2.0 | false | ∅ | 30.06.2024 | test
-- 7 | ∅ | Paris | ∅ | 15.00 | 4.0 | true | b | 31.02.2024 | train
