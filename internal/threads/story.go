package threads

import (
	"encoding/hex"
	"strings"
)

// Story is the lasting name of the story whose files have a name, without folder
// and ending. It is false if no story's have, or if the name is only the sum of one
// that is too long.
func Story(name string) (story string, ok bool) {
	written, lasting := strings.CutPrefix(name, "=")
	if lasting && Summed(name) {
		return "", false
	}
	if story, ok = unescape(written); !ok {
		return "", false
	}
	if !lasting {
		if story = "/" + story; !strings.HasSuffix(story, ".html") {
			story += "/"
		}
	}
	return story, Name(story) == name
}

// StoryOf is that of a file in one of the two folders.
func StoryOf(path string) (story string, ok bool) {
	for _, folder := range []string{Comments, Ratings} {
		if name, in := strings.CutPrefix(path, folder); in {
			if name, is := strings.CutSuffix(name, ext); is {
				return Story(name)
			}
		}
	}
	return "", false
}

// Summed tells whether a name is the sum of a lasting name that is too long.
func Summed(name string) bool {
	sum, ok := strings.CutPrefix(name, "=")
	if _, err := hex.DecodeString(sum); !ok || err != nil || sum != strings.ToLower(sum) {
		return false
	}
	return len(sum) == 64
}

// unescape reads what escape has written.
func unescape(name string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] != '%' {
			b.WriteByte(name[i])
			continue
		}
		if i+2 >= len(name) {
			return "", false
		}
		c, err := hex.DecodeString(name[i+1 : i+3])
		if err != nil {
			return "", false
		}
		b.Write(c)
		i += 2
	}
	return b.String(), true
}
