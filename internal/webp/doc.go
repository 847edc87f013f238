// Package webp writes pictures as lossy WebP files.
package webp
