-- Fill what is missing in amount, score with the mean.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  coalesce(t."amount", 3.0235714285714283e+2) AS "amount",
  coalesce(t."score", 3.142857142857143e+0) AS "score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(coalesce(t."amount", 3.0235714285714283e+2) AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."score" AS VARCHAR) IS DISTINCT FROM CAST(coalesce(t."score", 3.142857142857143e+0) AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 14 cells changed
-- row 1, amount: 10.50 -> 10.5
-- row 2, amount: 20.00 -> 20.0
-- row 3, amount: null -> 302.35714285714283
-- row 1, score: 1 -> 1.0
-- row 2, score: 2 -> 2.0
-- row 3, score: 3 -> 3.0
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (decimal) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.5 | 1.0 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.0 | 2.0 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | 302.35714285714283 | 3.0 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | 3.142857142857143 | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.0 | 5.0 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.0 | 5.0 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2.0 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.0 | 4.0 | true | b | 31.02.2024
