-- Leave out rows equal to an earlier one.
CREATE TEMP TABLE "stage_1" AS
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
  t."row_number",
  hash(t."id", t."name", t."city", t."joined", t."amount", t."score", t."active", t."tags", t."when") AS "row_hash"
FROM "sample" AS t;

DELETE FROM "stage_1" WHERE rowid IN (
  SELECT place FROM (
    SELECT rowid AS place, row_number() OVER (PARTITION BY "id", "name", "city", "joined", "amount", "score", "active", "tags", "when" ORDER BY rowid) AS nth
    FROM "stage_1"
    WHERE "row_hash" IN (SELECT "row_hash" FROM "stage_1" GROUP BY "row_hash" HAVING count(*) > 1)
  ) WHERE nth > 1
)

-- 8 rows in, 7 out, 0 cells changed
-- without rows 6
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | 31.02.2024
