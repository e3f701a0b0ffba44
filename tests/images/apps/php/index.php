<?php

use Modinit\Example\Uploads;
use Modinit\Greeter\Greeter;

require __DIR__ . '/vendor/autoload.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/upload') {
    header('Content-Type: application/json');
    echo json_encode(Uploads::keep($_FILES['file']));
} elseif ($path === '/session') {
    session_start();
    $_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
    echo 'visit ', $_SESSION['visits'];
} elseif ($path === '/facts') {
    header('Content-Type: application/json');
    echo json_encode([
        'extensions' => array_map('strtolower', get_loaded_extensions()),
        'greeting' => getenv('GREETING'),
        'memory_limit' => ini_get('memory_limit'),
        'opcache' => opcache_get_status(false)['opcache_enabled'],
        'script' => $_SERVER['SCRIPT_NAME'],
        'temp' => sys_get_temp_dir(),
        'user' => posix_geteuid(),
    ]);
} elseif ($path === '/log') {
    error_log('a remark of the script');
    file_put_contents('php://stderr', "standard error of the script\n");
    echo 'logged';
} elseif ($path === '/broken') {
    throw new LogicException('broken on purpose');
} elseif ($path === '/slow') {
    sleep(1);
    echo 'slow, and whole';
} else {
    echo Greeter::greet('world');
}
