-- Compute name as upper(trim(name)) || '!'.
-- in a process of its own
SELECT (upper(main."trim"("name")) || '!') FROM "data";

CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  r."value_2" AS "name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."name" AS VARCHAR) IS DISTINCT FROM CAST(r."value_2" AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t POSITIONAL JOIN "r_2" AS r

-- 8 rows in, 8 out, 7 cells changed
-- row 1, name:  Anna  -> ANNA!
-- row 2, name: Bob -> BOB!
-- row 3, name: bob -> BOB!
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 | ANNA! | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024
-- 2 | BOB! | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024
-- 3 | BOB! | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 4 | CARLA! | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 5 | DIRK! | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | DIRK! | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | EVA! | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024
