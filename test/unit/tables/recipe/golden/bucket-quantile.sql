-- Put amount into buckets as amount.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  CASE WHEN t."amount" IS NULL THEN NULL WHEN t."amount" < 2e+1 THEN 0 WHEN t."amount" < 4.025e+1 THEN 1 ELSE 2 END AS "amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN t."amount" IS NULL THEN NULL WHEN t."amount" < 2e+1 THEN 0 WHEN t."amount" < 4.025e+1 THEN 1 ELSE 2 END AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 7 cells changed
-- row 1, amount: 10.50 -> 0
-- row 2, amount: 20.00 -> 1
-- row 4, amount: 40.25 -> 2
-- id (integer) | name (text) | city (text) | joined (date) | amount (integer) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 0 | 1 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 1 | 2 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 2 | ∅ | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 2 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 2 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 1 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 0 | 4 | true | b | 31.02.2024
