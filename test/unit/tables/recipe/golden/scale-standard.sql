-- Scale amount to mean 0 and standard deviation 1, learnt from the training rows.
CREATE TEMP TABLE "stage_3" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  (CAST(t."amount" AS DOUBLE) - 4.091e+2) / 5.394258985254601e+2 AS "amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."split",
  t."row_number",
  CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST((CAST(t."amount" AS DOUBLE) - 4.091e+2) / 5.394258985254601e+2 AS VARCHAR) THEN 1 ELSE 0 END AS "changed_3"
FROM "stage_2" AS t

-- 8 rows in, 8 out, 7 cells changed
-- row 1, amount: 10.50 -> -0.7389337462097896
-- row 2, amount: 20.00 -> -0.7213224301310315
-- row 4, amount: 40.25 -> -0.6837825195420996
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text) | split (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | -0.7389337462097896 | 1 | true | a;b;c | 05.01.2024 | train
-- 2 | Bob | Paris | 2024-02-10 | -0.7213224301310315 | 2 | false | a;b | 10.02.2024 | train
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024 | train
-- 4 | Carla | Berlin | 2024-04-20 | -0.6837825195420996 | ∅ | false | x | 20.04.2024 | test
-- 5 | Dirk | Rome | 2024-05-25 | 1.0954238600987571 | 5 | true | a;b;c;d | 25.05.2024 | train
-- 5 | Dirk | Rome | 2024-05-25 | 1.0954238600987571 | 5 | true | a;b;c;d | 25.05.2024 | train
-- 6 | Eva | Berlin | 2024-06-30 | -0.7013938356208578 | 2 | false | ∅ | 30.06.2024 | test
-- 7 | ∅ | Paris | ∅ | -0.7305915438566937 | 4 | true | b | 31.02.2024 | train
