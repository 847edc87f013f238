package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

const (
	pngStart   = "\x89PNG\r\n\x1a\n"
	xmpKeyword = "XML:com.adobe.xmp"
)

// walkPNG walks all chunks: text may stand behind the pixels.
func walkPNG(w *walker) {
	for at := int64(len(pngStart)); w.err == nil; {
		head := w.bytes(at, 8)
		if w.err != nil {
			return
		}
		data := at + 8
		length := int64(binary.BigEndian.Uint32(head))
		end := data + length + 4
		if w.insert == 0 && string(head[4:]) != "IHDR" {
			w.broken = true
		}
		switch name := string(head[4:]); name {
		case "IHDR":
			w.insert = end
		case "eXIf":
			if held := w.bytes(data, length); w.err == nil {
				w.addBytes(exifBlock, at, end, held)
			}
		case "iTXt", "zTXt", "tEXt":
			if text := w.bytes(data, length); w.err == nil {
				if kind, held := pngText(name, text); kind != "" {
					w.addBytes(kind, at, end, held)
				}
			}
		case "IEND":
			return
		}
		at = end
	}
}

// pngText reads a text chunk. Beside Adobe's keyword for XMP there are the "raw
// profiles" of ImageMagick, which hold a block in hexadecimal digits.
func pngText(name string, data []byte) (kind string, held []byte) {
	key, rest, ok := bytes.Cut(data, []byte{0})
	if !ok {
		return "", nil
	}
	packed := name == "zTXt"
	if packed && len(rest) > 0 {
		rest = rest[1:] // the method
	}
	if name == "iTXt" && len(rest) > 2 {
		packed = rest[0] == 1
		_, rest, _ = bytes.Cut(rest[2:], []byte{0}) // language
		_, rest, _ = bytes.Cut(rest, []byte{0})     // keyword in that language
	}
	kinds := map[string]string{
		xmpKeyword: xmpBlock, "Raw profile type xmp": xmpBlock, "Raw profile type exif": exifBlock,
		"Raw profile type APP1": exifBlock, "Raw profile type iptc": photoshop,
	}
	kind = kinds[string(key)]
	if kind == "" {
		return "", nil
	}
	if packed {
		rest = inflate(rest)
	}
	if string(key) == xmpKeyword {
		return kind, rest
	}
	rest = rawProfile(rest)
	if cut, ok := bytes.CutPrefix(rest, []byte(xmpStart)); ok {
		return xmpBlock, cut
	}
	return kind, bytes.TrimPrefix(rest, []byte(exifStart))
}

// inflate gives as much as there is, and not more than is wanted.
func inflate(data []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	b, _ := io.ReadAll(io.LimitReader(z, maxBlock)) // what came before an error is read
	return b
}

// rawProfile reads "\nname\n   length\nhex digits in lines".
func rawProfile(text []byte) []byte {
	parts := bytes.SplitN(bytes.TrimLeft(text, "\n"), []byte("\n"), 3)
	if len(parts) < 3 {
		return nil
	}
	digits := bytes.Join(bytes.Fields(parts[2]), nil)
	b := make([]byte, hex.DecodedLen(len(digits)))
	n, _ := hex.Decode(b, digits)
	return b[:n]
}

// pngChunk is a chunk with its length and sum.
func pngChunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngXMP is the chunk for a packet, as in XMP Specification Part 3, 1.1.5.
func pngXMP(packet []byte) []byte {
	return pngChunk("iTXt", append([]byte(xmpKeyword+"\x00\x00\x00\x00\x00"), packet...))
}

// pngAgain is a chunk that held a block, with another block in it. Text that was
// packed is so no more.
func pngAgain(chunk, held []byte) []byte {
	if string(chunk[4:8]) == "eXIf" {
		return pngChunk("eXIf", held)
	}
	key, _, _ := bytes.Cut(chunk[8:], []byte{0})
	name := string(bytes.TrimPrefix(key, []byte("Raw profile type ")))
	if name != "iptc" {
		held = append([]byte(exifStart), held...)
	}
	text := fmt.Appendf(nil, "%s\x00\n%s\n%8d", key, name, len(held))
	for line := range slices.Chunk(held, 36) {
		text = fmt.Appendf(text, "\n%x", line)
	}
	return pngChunk("tEXt", append(text, '\n'))
}
