package photo

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Changes are what [Write] sets. What is nil stays as it is, and what points to
// an empty text is removed.
type Changes struct {
	Caption   *string // IPTC Description
	Credit    *string // Credit Line
	Creator   *string // Creator, the by-line; several names are parted by semicolons
	Alt       *string // Alt Text (Accessibility)
	Copyright *string // Copyright Notice
	Language  string  // of caption, alt and copyright, BCP 47; "" if unknown
}

// Errors of [Write] and [Embed].
var (
	ErrFormat  = errors.New("only JPEG, PNG and WebP can be written")
	ErrDamaged = errors.New("the file is damaged, and is left as it is")
	ErrText    = errors.New("text that cannot be written")
	ErrLarge   = errors.New("there is no room in the file for so much text")
)

// Write sets what a picture file says and returns the new file: in XMP, and in a
// JPEG also in IIM, cut to what IIM has room for. What IIM and EXIF already say in
// other files is made to say the same, or, where EXIF has no room for it, nothing.
// The picture and all other bytes stay: other properties of XMP, other datasets of
// IIM (told in UTF-8 from then on), other fields of EXIF, Extended XMP. Texts are
// cleaned as [Read] cleans them. Texts in other languages than Language stay.
//
// The error is one of those above, and no file is returned.
func Write(file []byte, c Changes) ([]byte, error) {
	found, err := walk(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if found.format != "jpeg" && found.format != "png" && found.format != "webp" {
		return nil, ErrFormat
	}
	if found.broken {
		return nil, ErrDamaged
	}
	var packet []byte
	packets := found.of(xmpBlock)
	if len(packets) > 0 {
		packet = packets[0].data
	}
	set, err := c.properties(packet)
	if err != nil {
		return nil, err
	}
	if len(set) == 0 {
		return file, nil
	}
	if packet == nil {
		packet = newPacket(set)
	} else if packet, err = editPacket(packet, set); err != nil {
		return nil, fmt.Errorf("%w: its XMP cannot be read", ErrDamaged)
	}
	return put(file, found, packet, set)
}

// put puts a packet into a file, and into a JPEG the same as IIM. EXIF, and IIM
// in a PNG, follow if they are there.
func put(file []byte, found *blocks, packet []byte, set []property) ([]byte, error) {
	at := edit{start: found.insert, end: found.insert}
	if old := found.of(xmpBlock); len(old) > 0 {
		at.start, at.end = old[0].start, old[0].end
	}
	edits := putEXIF(file, found, set)
	switch found.format {
	case "webp":
		out, err := withXMP(apply(file, edits), packet)
		if err != nil {
			return nil, ErrDamaged
		}
		return out, nil
	case "png":
		at.with = pngXMP(packet)
		if len(found.of(photoshop)) > 0 && len(set) > 0 {
			resources, err := editResources(found.of(photoshop), set)
			if err != nil {
				return nil, err
			}
			edits = append(edits, replace(found.of(photoshop), func(old block) []byte { return pngAgain(file[old.start:old.end], resources) })...)
		}
		return apply(file, append([]edit{at}, edits...)), nil // what is new stands before what it meets
	}
	if len(packet) > maxSegment-len(xmpStart) {
		packet = shrink(packet)
	}
	if len(packet) > maxSegment-len(xmpStart) {
		return nil, ErrLarge
	}
	at.with = appendSegment(nil, app1, xmpStart, packet)
	resources, err := editResources(found.of(photoshop), set)
	if err != nil {
		return nil, err
	}
	if len(found.of(photoshop)) == 0 {
		at.with = appendResources(at.with, resources)
	}
	edits = append(edits, replace(found.of(photoshop), func(block) []byte { return appendResources(nil, resources) })...)
	return apply(file, append([]edit{at}, edits...)), nil
}

// replace puts something in the place of the first block, and takes the others out.
func replace(all []block, by func(block) []byte) (edits []edit) {
	for i, old := range all {
		e := edit{old.start, old.end, nil}
		if i == 0 {
			e.with = by(old)
		}
		edits = append(edits, e)
	}
	return edits
}

// putEXIF has what EXIF there is say the same.
func putEXIF(file []byte, found *blocks, set []property) (edits []edit) {
	for _, b := range found.of(exifBlock) {
		data := editEXIF(b.data, set)
		if bytes.Equal(data, b.data) {
			continue
		}
		if found.format == "png" {
			edits = append(edits, edit{b.start, b.end, pngAgain(file[b.start:b.end], data)})
			continue
		}
		start := b.start + int64(bytes.Index(file[b.start:b.end], b.data))
		edits = append(edits, edit{start, start + int64(len(data)), data})
	}
	return edits
}

// properties are the changes as XMP. Other languages are taken of the packet.
func (c Changes) properties(packet []byte) (set []property, err error) {
	if c.Language != "" && !isLanguage(c.Language) {
		return nil, ErrText
	}
	old, _ := parseXMP(packet)
	add := func(value *string, p property) {
		if value == nil || err != nil {
			return
		}
		values := []string{*value}
		if p.list == "Seq" {
			values = strings.Split(*value, ";")
		}
		for _, v := range values {
			text, stable := settle(v)
			if !stable || len(text) > maxText/4 {
				err = ErrText
				return
			}
			if text != "" && !slices.Contains(p.texts, Text{Text: text}) {
				p.texts = append(p.texts, Text{Text: text})
			}
		}
		if p.list == "Alt" && len(p.texts) > 0 {
			p.texts = languages(old.find(p.space, p.name).texts(), p.texts[0].Text, c.Language)
		}
		set = append(set, p)
	}
	add(c.Caption, property{nsDC, "dc", "description", "Alt", nil})
	add(c.Credit, property{nsPhotoshop, "photoshop", "Credit", "", nil})
	add(c.Creator, property{nsDC, "dc", "creator", "Seq", nil})
	add(c.Alt, property{nsCore, "Iptc4xmpCore", "AltTextAccessibility", "Alt", nil})
	add(c.Copyright, property{nsDC, "dc", "rights", "Alt", nil})
	return set, err
}

// languages puts a text in the place of that in its language, and of that for
// readers of any language.
func languages(old []Text, text, language string) []Text {
	all := []Text{{Text: text}}
	if language != "" {
		all = append(all, Text{text, language})
	}
	replaced := first(old) // without a language, or the same in one
	for _, t := range old {
		if t.Language != "" && !strings.EqualFold(t.Language, language) && (language != "" || t.Text != replaced) {
			all = append(all, t)
		}
	}
	return all
}

// settle cleans until nothing changes.
func settle(text string) (settled string, stable bool) {
	for range 8 {
		if settled, _ = clean(text); settled == text {
			return text, true
		}
		text = settled
	}
	return "", false
}

// editResources sets datasets of IIM in image resources.
func editResources(parts []block, set []property) ([]byte, error) {
	var b []byte
	for _, p := range parts {
		b = append(b, p.data...)
	}
	all, err := parseResources(b)
	if err != nil {
		return nil, fmt.Errorf("%w: its Photoshop resources cannot be read", ErrDamaged)
	}
	stale := readIIM(b, nil).stale
	at := slices.IndexFunc(all, func(r resource) bool { return r.id == resourceIIM })
	var sets []dataset
	if at < 0 {
		at, all = len(all), append(all, newResource(resourceIIM, nil))
	} else if sets, err = parseIIM(all[at].data); err != nil {
		return nil, fmt.Errorf("%w: its IIM cannot be read", ErrDamaged)
	}
	sets = setIIM(sets, set)
	all[at].data = appendIIM(nil, sets)
	if !stale { // else IIM stays the one to believe in all other fields
		sum := md5.Sum(all[at].data)
		all = slices.DeleteFunc(all, func(r resource) bool { return r.id == resourceSum })
		all = append(all, newResource(resourceSum, sum[:]))
	}
	var out []byte
	for _, r := range all {
		out = appendResource(out, r)
	}
	return out, nil
}

// setIIM sets the datasets that hold the same as properties.
func setIIM(sets []dataset, set []property) []dataset {
	sets = inUTF8(sets)
	for _, p := range set {
		var number byte
		switch {
		case p.is(nsDC, "description"):
			number = iimCaption
		case p.is(nsPhotoshop, "Credit"):
			number = iimCredit
		case p.is(nsDC, "rights"):
			number = iimCopyright
		case p.is(nsDC, "creator"):
			number = iimCreator
		default:
			continue
		}
		sets = slices.DeleteFunc(sets, func(d dataset) bool { return d.record == iimRecord && d.number == number })
		at := slices.IndexFunc(sets, func(d dataset) bool { return d.record > iimRecord || d.record == iimRecord && d.number > number })
		if at < 0 {
			at = len(sets)
		}
		texts := p.texts
		if p.list == "Alt" {
			texts = texts[:min(1, len(texts))]
		}
		for i, t := range texts {
			sets = slices.Insert(sets, at+i, dataset{iimRecord, number, cutIIM(t.Text, maxIIM[number])})
		}
	}
	return sets
}

// inUTF8 turns the texts of datasets into UTF-8 and says so.
func inUTF8(sets []dataset) []dataset {
	if saysUTF8(sets) {
		return sets
	}
	out := []dataset{{1, iimCharset, []byte(iimUTF8)}}
	version := false
	for _, d := range sets {
		if d.record == 1 && d.number == iimCharset {
			continue
		}
		version = version || d.record == iimRecord && d.number == 0
		if d.record == iimRecord && d.number > 0 && d.number != 125 && d.number < 200 { // 125 is a raster, 200 and above are previews
			d.data = []byte(decodeIIM(d.data))
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b dataset) int { return int(a.record) - int(b.record) })
	if !version {
		at := slices.IndexFunc(out, func(d dataset) bool { return d.record >= iimRecord })
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, dataset{iimRecord, 0, []byte(iimVersion)})
	}
	return out
}
