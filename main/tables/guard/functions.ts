/**
 * The functions that SQL of a person or a model may use: those that only compute. What reads files, settings, the clock,
 * the catalogue or the process, what draws lots, what sleeps and what runs text as SQL is not among them, nor is what is
 * not known yet.
 */
const SCALAR = `
  + - * / // % ** ^ & | ~ << >> || ^@ @ && @> <@ ~~ !~~ ~~* !~~* ~~~ xor add subtract multiply divide mod fdiv fmod power pow
  abs sign signbit round round_even roundbankers even ceil ceiling floor trunc sqrt cbrt exp ln log log2 log10 pi
  sin cos tan cot asin acos atan atan2 sinh cosh tanh asinh acosh atanh degrees radians
  gamma lgamma factorial gcd lcm greatest_common_divisor least_common_multiple isnan isinf isfinite nextafter
  greatest least nullif ifnull coalesce row struct_pack struct_extract list_value list_pack
  length len strlen char_length character_length length_grapheme bit_length octet_length
  lower lcase upper ucase trim ltrim rtrim left right left_grapheme right_grapheme lpad rpad reverse
  substr substring substring_grapheme replace translate concat concat_ws starts_with ends_with prefix suffix contains
  strpos instr position split split_part string_split str_split string_to_array string_split_regex str_split_regex
  regexp_matches regexp_full_match regexp_replace regexp_extract regexp_extract_all regexp_escape regexp_split_to_array
  like_escape not_like_escape ilike_escape not_ilike_escape strip_accents nfc_normalize
  ascii chr ord unicode format printf bar hex unhex bin unbin to_hex from_hex to_binary from_binary to_base64 from_base64
  base64 encode decode md5 sha1 sha256 hash url_encode url_decode
  levenshtein editdist3 damerau_levenshtein hamming mismatches jaccard jaro_similarity jaro_winkler_similarity
  year month day hour minute second millisecond microsecond quarter week weekday weekofyear yearweek isoyear isodow
  dayofweek dayofmonth dayofyear dayname monthname decade century millennium era julian epoch epoch_ms epoch_us
  last_day date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add make_date make_time
  make_timestamp strftime strptime try_strptime to_timestamp time_bucket days_in_month
  to_years to_months to_weeks to_days to_hours to_minutes to_seconds to_milliseconds to_microseconds
  array_length array_contains list_contains list_has array_has list_position list_indexof array_position array_indexof
  list_extract list_element array_extract list_slice array_slice list_sort array_sort list_reverse_sort
  array_reverse_sort list_reverse array_reverse list_distinct array_distinct list_unique array_unique
  list_concat list_cat array_concat array_cat list_append array_append array_push_back list_prepend array_prepend
  list_has_any array_has_any list_has_all array_has_all list_intersect array_intersect array_to_string
  list_sum list_avg list_min list_max list_count list_median list_mode list_product list_string_agg
  list_first list_last list_any_value list_transform list_apply array_transform array_apply list_filter array_filter
  apply filter flatten list_where list_select
  typeof struct_keys
`;

const AGGREGATE = `
  count count_star count_if countif sum avg mean min max median mode first last any_value arbitrary
  stddev stddev_samp stddev_pop variance var_samp var_pop skewness kurtosis kurtosis_pop sem entropy mad
  corr covar_pop covar_samp regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy
  quantile quantile_cont quantile_disc product bool_and bool_or bit_and bit_or bit_xor
  arg_max arg_min argmax argmin max_by min_by string_agg listagg group_concat list array_agg histogram
  fsum favg kahan_sum sumkahan geomean geometric_mean weighted_avg wavg
`;

const WINDOW = `
  row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value fill
`;

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

export const SCALAR_FUNCTIONS: ReadonlySet<string> = new Set(words(SCALAR));
export const AGGREGATE_FUNCTIONS: ReadonlySet<string> = new Set(words(AGGREGATE));
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(words(WINDOW));

/** Makers of rows; what they make is bounded. */
export const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(['range', 'generate_series', 'unnest']);
export const MOST_ROWS_MADE = 10_000_000;

/** Divisions, whose divisor comes second. */
export const DIVISIONS: ReadonlySet<string> = new Set(['/', '//', '%', 'divide', 'fdiv', 'mod', 'fmod']);

/** Names that stand for a function where no column is called so. */
export const SPOKEN_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`
    current_catalog current_database current_date current_localtime current_localtimestamp current_query current_role
    current_schema current_time current_timestamp current_user localtime localtimestamp session_user user today now
  `),
);

/**
 * Those of them that tell the time. A column called so has to be named with its table where a query has others beside, for
 * DuckDB takes the word for the clock wherever no such column is in sight.
 */
export const CLOCKS: ReadonlySet<string> = new Set(
  words(
    `current_date current_localtime current_localtimestamp current_time current_timestamp localtime localtimestamp today now`,
  ),
);

/** What values may be cast to. */
export const CAST_TYPES: ReadonlySet<string> = new Set(
  words(`
    BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE DECIMAL
    VARCHAR DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS INTERVAL UUID LIST STRUCT
  `).map((word) => word.toUpperCase()),
);
