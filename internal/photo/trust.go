package photo

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// sources are the three accounts of a picture.
type sources struct {
	xmp      []*element // the packet, then Extended XMP
	iim      iim
	exif     exif
	located  bool
	troubles []Trouble
	fields   []Field // that were decided
}

func newSources(found *blocks) *sources {
	s := &sources{exif: exif{orientation: 1}}
	s.broken("file", found.broken)
	s.located = slices.ContainsFunc(found.all, func(b block) bool {
		return Locates(b.data)
	})
	for i, b := range found.of(exifBlock) {
		e := readEXIF(b.data)
		s.broken("EXIF", e.broken)
		s.exif.serial = s.exif.serial || e.serial
		s.exif.thumbnail = s.exif.thumbnail || e.thumbnail
		s.exif.makerNotes = s.exif.makerNotes || e.makerNotes
		if i == 0 {
			s.exif.texts, s.exif.taken = e.texts, e.taken
			s.exif.orientation = max(1, e.orientation)
		}
	}
	var resources, alone []byte
	for _, b := range found.of(photoshop) {
		resources = append(resources, b.data...)
	}
	for _, b := range found.of(iimBlock) {
		alone = append(alone, b.data...)
	}
	s.iim = readIIM(resources, alone)
	s.broken("IIM", s.iim.broken)
	for _, b := range found.of(xmpBlock) {
		s.addXMP(asUTF8(b.data))
	}
	if len(s.xmp) > 0 {
		packet, complete := joinExtended(found.of(extendedBlock), s.xmp[0])
		s.broken("XMP", !complete)
		if complete && packet != nil {
			s.addXMP(asUTF8(packet))
			s.located = s.located || Locates(packet)
		}
	}
	return s
}

func (s *sources) addXMP(packet []byte) {
	x, err := parseXMP(packet)
	s.xmp = append(s.xmp, x)
	s.broken("XMP", err != nil)
}

func (s *sources) broken(name string, is bool) {
	if is && !slices.ContainsFunc(s.troubles, func(t Trouble) bool { return t.Field == name }) {
		s.troubles = append(s.troubles, Trouble{Field: name, Kind: Broken})
	}
}

// property is the first of a name in any of the packets, or nil.
func (s *sources) property(space, name string) *element {
	for _, x := range s.xmp {
		if e := x.find(space, name); e != nil {
			return e
		}
	}
	return nil
}

// within is a property of the first structure in a list that has it.
func (s *sources) within(listSpace, list, space, name string) *element {
	for _, x := range s.xmp {
		for _, item := range x.find(listSpace, list).items() {
			if e := item.find(space, name); e != nil {
				return e
			}
		}
	}
	return nil
}

// An account is what one source says of a field.
type account struct {
	from  string
	texts []Text
	full  bool // it fills its field in IIM, and may be cut
}

// said is what the accounts of a field come to.
func (s *sources) said(field string, xmp *element, number byte, tag uint16) []Text {
	var accounts []account
	add := func(from string, texts []Text, full bool) {
		if texts = s.cleaned(field, from, texts); len(texts) > 0 {
			accounts = append(accounts, account{from, texts, full})
		}
	}
	add("XMP", xmp.texts(), false)
	if values := s.iim.values[number]; number > 0 && len(values) > 0 {
		size := maxIIM[number]
		long := s.iim.sizes[number]
		for _, value := range values {
			long = max(long, utf8.RuneCountInString(value))
		}
		add("IIM", plainTexts(values...), long >= size-3)
		if slices.Contains(s.iim.wrong, number) {
			s.tell(field, Encoding, Value{"IIM", values[0]})
		}
	}
	if value := s.exif.texts[tag]; value != "" {
		add("EXIF", plainTexts(exifTexts(tag, value)...), false)
	}
	if len(accounts) == 0 {
		return nil
	}
	best := 0
	if s.iim.stale && len(accounts) > 1 && accounts[1].from == "IIM" && !agree(accounts[0], accounts[1]) {
		best = 1
	}
	s.compare(field, accounts, best)
	s.fields = append(s.fields, Field{field, accounts[best].from, accounts[best].texts})
	return accounts[best].texts
}

// compare tells who does not agree with the one that is believed.
func (s *sources) compare(field string, accounts []account, best int) {
	values := []Value{{accounts[best].from, join(accounts[best].texts)}}
	for i, a := range accounts {
		if i != best && !agree(accounts[best], a) && !agree(a, accounts[best]) {
			values = append(values, Value{a.from, join(a.texts)})
		}
	}
	if len(values) > 1 {
		s.tell(field, Differs, values...)
	}
}

// agree tells whether b says what a says, or what of it there was room for.
func agree(a, b account) bool {
	same := func(x, y string) bool {
		return x == y || b.full && strings.HasPrefix(x, y)
	}
	if same(join(a.texts), join(b.texts)) {
		return true
	}
	if len(b.texts) == 1 && slices.ContainsFunc(a.texts, func(t Text) bool { return t.Language != "" && same(t.Text, b.texts[0].Text) }) {
		return true // one of the languages
	}
	return len(a.texts) == len(b.texts) && !slices.ContainsFunc(a.texts, func(t Text) bool {
		i := slices.Index(a.texts, t)
		return !same(t.Text, b.texts[i].Text)
	})
}

func join(texts []Text) string {
	if len(texts) > 0 && slices.ContainsFunc(texts, func(t Text) bool { return t.Language != "" }) {
		return texts[0].Text // languages say the same
	}
	var all []string
	for _, t := range texts {
		all = append(all, t.Text)
	}
	return strings.Join(all, "; ")
}

func plainTexts(values ...string) (all []Text) {
	for _, v := range values {
		all = append(all, Text{Text: v})
	}
	return all
}

// exifTexts parts what EXIF holds in one text: artists by semicolons, and the
// copyrights of photographer and editor by a zero byte.
func exifTexts(tag uint16, value string) []string {
	switch {
	case tag == tagArtist:
		return strings.Split(value, ";")
	case tag == tagCopyright:
		return []string{strings.TrimSpace(strings.ReplaceAll(value, "\x00", " "))}
	case cameraNames().MatchString(strings.TrimSpace(value)):
		return nil
	}
	return []string{value}
}

// cleaned cleans texts, tells what was wrong and drops what is empty or said
// twice. A text for readers of any language that is also there in a language is
// in that language.
func (s *sources) cleaned(field, from string, texts []Text) (all []Text) {
	for _, t := range texts {
		text, wrong := clean(t.Text)
		for _, kind := range wrong {
			s.tell(field, kind, Value{from, t.Text})
		}
		if text != "" && !slices.Contains(all, Text{text, t.Language}) {
			all = append(all, Text{text, t.Language})
		}
	}
	if !slices.ContainsFunc(all, func(t Text) bool { return t.Language != "" }) {
		return all
	}
	slices.SortStableFunc(all, func(a, b Text) int { return cmp.Compare(min(1, len(a.Language)), min(1, len(b.Language))) })
	if i := slices.IndexFunc(all[1:], func(t Text) bool { return t.Text == all[0].Text }); i >= 0 && all[0].Language == "" {
		all[0] = all[1+i]
		all = slices.Delete(all, 1+i, 2+i)
	}
	return all
}

// longestValue is how much of a value is told.
const longestValue = 300

// tell notes a trouble once.
func (s *sources) tell(field, kind string, values ...Value) {
	if kind != Differs && slices.ContainsFunc(s.troubles, func(t Trouble) bool {
		return t.Field == field && t.Kind == kind && t.Values[0].From == values[0].From
	}) {
		return
	}
	for i, v := range values {
		if v.Text = strings.ToValidUTF8(v.Text, "\ufffd"); len(v.Text) > longestValue {
			v.Text = strings.ToValidUTF8(v.Text[:longestValue], "") + " …"
		}
		values[i] = v
	}
	s.troubles = append(s.troubles, Trouble{field, kind, values})
}

func first(texts []Text) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0].Text
}

// address is a property that is an address.
func (s *sources) address(field string, e *element) string {
	text, _ := clean(first(e.texts()))
	address := cleanURL(text)
	if address != "" {
		s.fields = append(s.fields, Field{field, "XMP", plainTexts(address)})
	} else if text != "" {
		s.tell(field, Address, Value{"XMP", text})
	}
	return address
}

// decide says what the sources come to.
func (s *sources) decide() Said {
	one := func(field string, xmp *element, number byte, tag uint16) string {
		return first(s.said(field, xmp, number, tag))
	}
	location := func(name, old string) *element {
		if e := s.property(nsPhotoshop, old); e != nil {
			return e
		}
		return s.within(nsExt, "LocationCreated", nsExt, name)
	}
	said := Said{
		Caption:     s.said("Description", s.property(nsDC, "description"), iimCaption, tagDescription),
		Alt:         s.said("Alt Text", s.property(nsCore, "AltTextAccessibility"), 0, 0),
		Extended:    s.said("Extended Description", s.property(nsCore, "ExtDescrAccessibility"), 0, 0),
		Headline:    one("Headline", s.property(nsPhotoshop, "Headline"), iimHeadline, 0),
		Credit:      one("Credit Line", s.property(nsPhotoshop, "Credit"), iimCredit, 0),
		JobTitle:    one("Creator's Job Title", s.property(nsPhotoshop, "AuthorsPosition"), iimJobTitle, 0),
		Copyright:   one("Copyright Notice", s.property(nsDC, "rights"), iimCopyright, tagCopyright),
		UsageTerms:  one("Rights Usage Terms", s.property(nsRights, "UsageTerms"), 0, 0),
		License:     s.address("Web Statement of Rights", s.property(nsRights, "WebStatement")),
		Licensor:    one("Licensor", s.within(nsPLUS, "Licensor", nsPLUS, "LicensorName"), 0, 0),
		LicensorURL: s.address("Licensor URL", s.within(nsPLUS, "Licensor", nsPLUS, "LicensorURL")),
		Source:      one("Source", s.property(nsPhotoshop, "Source"), iimSource, 0),
		City:        one("City", location("City", "City"), iimCity, 0),
		State:       one("Province or State", location("ProvinceState", "State"), iimState, 0),
		Country:     one("Country", location("CountryName", "Country"), iimCountry, 0),
		Created:     s.created(),
		Orientation: s.exif.orientation,
		Located:     s.located,
		Serial: s.exif.serial || s.property(nsAux, "SerialNumber") != nil || s.property(nsAux, "LensSerialNumber") != nil ||
			s.property(nsEXIFEX, "BodySerialNumber") != nil || s.property(nsEXIFEX, "LensSerialNumber") != nil,
		Thumbnail:  s.exif.thumbnail || s.property(nsXMP, "Thumbnails") != nil,
		MakerNotes: s.exif.makerNotes,
	}
	for _, t := range s.said("Creator", s.property(nsDC, "creator"), iimCreator, tagArtist) {
		said.Creators = append(said.Creators, t.Text)
	}
	if said.License == "" {
		said.License = s.address("License", s.property(nsCC, "license"))
	}
	return said
}

var (
	isoDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$`)
	})
	exifDate = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$`) })
	iimDay   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4})-?(\d\d)-?(\d\d)$`) })
	iimHour  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d\d):?(\d\d):?(\d\d)(?:([+-]\d\d):?(\d\d))?$`) })
)

// created is Date Created. Sources agree if they are of the same day, give or
// take one: cameras do not know of zones.
func (s *sources) created() string {
	dates := []Value{
		{"XMP", date(first(s.property(nsPhotoshop, "DateCreated").texts()))},
		{"IIM", s.iimDate()},
		{"EXIF", date(s.exif.taken)},
		{"XMP", date(first(s.property(nsEXIF, "DateTimeOriginal").texts()))},
	}
	dates = slices.DeleteFunc(dates, func(v Value) bool { return v.Text == "" })
	if s.iim.stale && len(dates) > 1 && dates[1].From == "IIM" {
		dates[0], dates[1] = dates[1], dates[0]
	}
	if len(dates) == 0 {
		return ""
	}
	wrong := []Value{dates[0]}
	for _, d := range dates[1:] {
		a, errA := time.Parse(time.DateOnly, dates[0].Text[:min(10, len(dates[0].Text))])
		b, errB := time.Parse(time.DateOnly, d.Text[:min(10, len(d.Text))])
		if errA == nil && errB == nil && a.Sub(b).Abs() > 24*time.Hour {
			wrong = append(wrong, d)
		}
	}
	if len(wrong) > 1 {
		s.tell("Date Created", Differs, wrong...)
	}
	s.fields = append(s.fields, Field{"Date Created", dates[0].From, plainTexts(dates[0].Text)})
	return dates[0].Text
}

// date reads a date of XMP or EXIF, and is "" for what is none: cameras whose
// clock is not set write zeros.
func date(text string) string {
	text = strings.TrimSpace(text)
	if len(text) >= 19 {
		if m := exifDate().FindStringSubmatch(text[:19]); m != nil {
			text = m[1] + "-" + m[2] + "-" + m[3] + "T" + m[4] + text[19:]
		}
	}
	m := isoDate().FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	day, hour, zone := m[1], m[2], m[3]
	if _, err := time.Parse(time.DateOnly[:len(day)], day); err != nil || day < "1000" {
		return ""
	}
	if hour == "" {
		return day
	}
	if len(zone) == 5 {
		zone = zone[:3] + ":" + zone[3:]
	}
	layout := "15:04:05"[:len(hour)]
	if _, err := time.Parse(layout, hour); err != nil {
		return day
	}
	return day + "T" + hour + zone
}

func (s *sources) iimDate() string {
	get := func(number byte) string { return strings.TrimSpace(first(plainTexts(s.iim.values[number]...))) }
	day := iimDay().FindStringSubmatch(get(iimDate))
	if day == nil {
		return ""
	}
	text := strings.Join(day[1:], "-")
	if hour := iimHour().FindStringSubmatch(get(iimTime)); hour != nil {
		text += "T" + strings.Join(hour[1:4], ":")
		if hour[4] != "" {
			text += hour[4] + ":" + hour[5]
		}
	}
	return date(text)
}
