<?php

namespace Modinit\Example;

final class Uploads
{
    /** Keeps an uploaded file where lasting data belongs; what is told about it. */
    public static function keep(array $file): array
    {
        if ($file['error'] !== UPLOAD_ERR_OK) {
            http_response_code(500);
            return ['error' => $file['error']];
        }
        $kept = '/app-storage/' . basename($file['name']);
        return [
            'folder' => dirname($file['tmp_name']),
            'kept' => move_uploaded_file($file['tmp_name'], $kept),
            'size' => filesize($kept),
        ];
    }
}
