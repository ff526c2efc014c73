-- Read numbers, dates, and yes and no as such where nothing is lost.
CREATE TEMP TABLE "stage_1" AS
SELECT
  CASE WHEN regexp_full_match(t."id", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."id" AS BIGINT) END AS "id",
  t."name",
  t."city",
  CASE WHEN regexp_full_match(t."joined", '\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})\s*') THEN TRY_CAST(t."joined" AS DATE) END AS "joined",
  CASE WHEN regexp_full_match(t."amount", '\s*(?:[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+|(?:0|[1-9][0-9]*)?\.[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+))\s*') THEN TRY_CAST(t."amount" AS DECIMAL(18, 2)) END AS "amount",
  CASE WHEN regexp_full_match(t."score", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."score" AS BIGINT) END AS "score",
  CASE WHEN regexp_full_match(t."active", '\s*(?:(?i)yes)\s*') THEN true WHEN regexp_full_match(t."active", '\s*(?:(?i)no)\s*') THEN false END AS "active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."id" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."id", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."id" AS BIGINT) END AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."joined" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."joined", '\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})\s*') THEN TRY_CAST(t."joined" AS DATE) END AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."amount", '\s*(?:[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+|(?:0|[1-9][0-9]*)?\.[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+))\s*') THEN TRY_CAST(t."amount" AS DECIMAL(18, 2)) END AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."score" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."score", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."score" AS BIGINT) END AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."active" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."active", '\s*(?:(?i)yes)\s*') THEN true WHEN regexp_full_match(t."active", '\s*(?:(?i)no)\s*') THEN false END AS VARCHAR) THEN 1 ELSE 0 END AS "changed_1",
  CASE WHEN t."id" IS NOT NULL AND CASE WHEN regexp_full_match(t."id", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."id" AS BIGINT) END IS NULL THEN 1 ELSE 0 END + CASE WHEN t."joined" IS NOT NULL AND CASE WHEN regexp_full_match(t."joined", '\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})\s*') THEN TRY_CAST(t."joined" AS DATE) END IS NULL THEN 1 ELSE 0 END + CASE WHEN t."amount" IS NOT NULL AND CASE WHEN regexp_full_match(t."amount", '\s*(?:[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+|(?:0|[1-9][0-9]*)?\.[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+))\s*') THEN TRY_CAST(t."amount" AS DECIMAL(18, 2)) END IS NULL THEN 1 ELSE 0 END + CASE WHEN t."score" IS NOT NULL AND CASE WHEN regexp_full_match(t."score", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."score" AS BIGINT) END IS NULL THEN 1 ELSE 0 END + CASE WHEN t."active" IS NOT NULL AND CASE WHEN regexp_full_match(t."active", '\s*(?:(?i)yes)\s*') THEN true WHEN regexp_full_match(t."active", '\s*(?:(?i)no)\s*') THEN false END IS NULL THEN 1 ELSE 0 END AS "lost_1"
FROM "sample" AS t

-- 8 rows in, 8 out, 8 cells changed
-- row 1, active: yes -> true
-- row 2, active: no -> false
-- row 3, active: yes -> true
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024
