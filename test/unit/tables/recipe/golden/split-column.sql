-- Split tags at ";" into first, rest.
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
  string_split(t."tags", ';')[1] AS "first",
  CASE WHEN len(string_split(t."tags", ';')) >= 2 THEN array_to_string(string_split(t."tags", ';')[2:], ';') END AS "rest",
  t."when",
  t."row_number"
FROM "sample" AS t

-- 8 rows in, 8 out, 0 cells changed
-- row 1, first: null -> a
-- row 2, first: null -> a
-- row 3, first: null -> null
-- row 1, rest: null -> b;c
-- row 2, rest: null -> b
-- row 3, rest: null -> null
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | first (text) | rest (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | a | b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | a | b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | ∅ | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | x | ∅ | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | a | b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | a | b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | ∅ | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | b | ∅ | 31.02.2024
