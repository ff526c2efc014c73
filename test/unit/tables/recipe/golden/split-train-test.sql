-- Mark 25 % of the rows as test, by lot, evenly over active.
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
  CASE WHEN row_number() OVER (PARTITION BY t."active" ORDER BY md5(concat('1:', t.rowid)), t.rowid) <= round(count(*) OVER (PARTITION BY t."active") * 2.5e-1) THEN 'test' ELSE 'train' END AS "split",
  t."row_number"
FROM "stage_1" AS t
ORDER BY t.rowid

-- 8 rows in, 8 out, 0 cells changed
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text) | split (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024 | test
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024 | train
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024 | train
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024 | test
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024 | train
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024 | train
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024 | train
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024 | train
