<?php
header('Content-Type: application/json');
echo json_encode([
    'greeting' => getenv('GREETING'),
    'memory_limit' => ini_get('memory_limit'),
    'upload' => ini_get('upload_max_filesize'),
    'sapi' => PHP_SAPI,
]);
