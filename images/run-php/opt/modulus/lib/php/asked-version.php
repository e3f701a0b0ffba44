<?php
// php asked-version.php APP.JSON: engines.php of it, if it is there.
$asked = json_decode((string) @file_get_contents($argv[1]), true)['engines']['php'] ?? '';
echo is_string($asked) ? $asked : '';
