-- Make empty texts missing.
CREATE TEMP TABLE "stage_1" AS
SELECT
  nullif(t."id", '') AS "id",
  nullif(t."name", '') AS "name",
  nullif(t."city", '') AS "city",
  nullif(t."joined", '') AS "joined",
  nullif(t."amount", '') AS "amount",
  nullif(t."score", '') AS "score",
  nullif(t."active", '') AS "active",
  nullif(t."tags", '') AS "tags",
  nullif(t."when", '') AS "when",
  t."row_number",
  CASE WHEN CAST(t."id" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."id", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."name" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."name", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."city" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."city", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."joined" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."joined", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."amount", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."score" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."score", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."active" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."active", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."tags" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."tags", '') AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."when" AS VARCHAR) IS DISTINCT FROM CAST(nullif(t."when", '') AS VARCHAR) THEN 1 ELSE 0 END AS "changed_1"
FROM "sample" AS t

-- 8 rows in, 8 out, 0 cells changed
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | 31.02.2024
