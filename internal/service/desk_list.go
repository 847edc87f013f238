package service

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"stet/internal/comments"
)

// perPage is how many comments a list shows at once.
const perPage = 25

// states are those of comments, in the order of the lists.
var states = []comments.State{comments.Waiting, comments.Approved, comments.Rejected, comments.Spam}

// A wanted says which comments a list shows. It is what the address of the list
// says, and what forms carry so that one comes back to it.
type wanted struct {
	State comments.State // "" for all
	Story string
	Q     string
	After string // the last comment of the page before
}

func wantedOf(q url.Values) wanted {
	l := wanted{State: comments.State(q.Get("state")), Story: q.Get("story"), Q: strings.TrimSpace(q.Get("q")), After: q.Get("after")}
	if l.State == "" && l.Story == "" && l.Q == "" {
		l.State = comments.Waiting
	}
	if !slices.Contains(states, l.State) {
		l.State = ""
	}
	return l
}

// values are the query of the list's address.
func (l wanted) values() url.Values {
	q := url.Values{}
	state := cmp.Or(string(l.State), "all")
	if l != (wanted{State: comments.Waiting, After: l.After}) {
		q.Set("state", state)
	}
	for name, value := range map[string]string{"story": l.Story, "q": l.Q, "after": l.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (l wanted) link() string {
	if q := l.values(); len(q) > 0 {
		return "./?" + q.Encode()
	}
	return "./"
}

// oldest tells whether a list begins with the oldest comment: what waits longest
// comes first, of all else what was said last.
func (l wanted) oldest() bool { return l.State == comments.Waiting }

// A card is a comment as the desk shows it.
type card struct {
	comments.Comment
	Mark              string // tells whether it says what it said when it was shown
	Headline, Address string // of the story
	StoryLang         string
	StoryList         string
	AsPaper           string // the newspaper's name, in the story's language
	Answers           *comments.Comment
	Answerable        bool
	Earlier           record
	Flagged           []string
	To                []choice
	Next              string // the comment after it in the list
}

// A record is what became of other comments of the same address.
type record struct{ Approved, Rejected, Spam int }

// Is is the state as templates compare it.
func (c card) Is() string { return string(c.State) }

// Any tells whether there are any.
func (r record) Any() bool { return r != record{} }

// A choice is a state that a comment may be given, and the key for it.
type choice struct {
	To  comments.State
	Key string
}

var choices = []choice{{comments.Approved, "a"}, {comments.Rejected, "r"}, {comments.Spam, "s"}, {comments.Waiting, ""}}

// choicesBut are the states that differ from one.
func choicesBut(s comments.State) []choice {
	return slices.DeleteFunc(slices.Clone(choices), func(c choice) bool { return c.To == s })
}

// cards are comments with all that the desk shows of them.
func (d *desk) cards(ctx context.Context, v voice, all []comments.Comment) ([]card, error) {
	cards := make([]card, len(all))
	var ids, addresses []string
	for _, c := range all {
		ids, addresses = append(ids, c.Story), append(addresses, c.Email)
	}
	stories, err := d.s.store.Stories(ctx, ids...)
	if err != nil {
		return nil, err
	}
	records, err := d.s.store.Records(ctx, addresses...)
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		k := card{Comment: c, Mark: markOf(c), To: choicesBut(c.State), Flagged: heldFor(v, c)}
		st := d.named(c.Story, stories)
		k.AsPaper, _ = d.s.masthead(st.Lang)
		k.Headline, k.Address, k.StoryLang = st.Title, st.Address, st.Lang
		k.StoryList = wanted{Story: c.Story}.link()
		k.Answerable = c.State == comments.Waiting || c.State == comments.Approved
		if c.Parent != "" {
			parent, err := d.s.store.Comment(ctx, c.Parent)
			if err == nil {
				k.Answers = &parent
			} else if !none(err) {
				return nil, err
			}
		}
		if c.Email != "" {
			k.Earlier = recordOf(records[c.Email], c.State)
		}
		if i > 0 {
			cards[i-1].Next = c.ID
		}
		cards[i] = k
	}
	return cards, nil
}

// recordOf is what became of a person's comments but for this one.
func recordOf(all map[comments.State]int, but comments.State) record {
	n := func(s comments.State) int {
		if s == but {
			return all[s] - 1
		}
		return all[s]
	}
	return record{n(comments.Approved), n(comments.Rejected), n(comments.Spam)}
}

// markOf is a short sum of a comment's text: a form carries it, so that nobody
// changes a text that he has not seen.
func markOf(c comments.Comment) string { return sum(nil, "mark", c.Text)[:8] }

// A told is a story as the desk names it.
type told struct {
	comments.Story
	Address string // on the newspaper's site
	List    string // of its comments
	Closed  bool   // by the desk
}

// named is a story among those that are known; one that never was in an edition is
// called by its ID.
func (d *desk) named(id string, stories map[string]comments.Story) told {
	st, ok := stories[id]
	if !ok {
		st = comments.Story{ID: id, Title: id, URL: "/"}
	}
	return told{Story: st, Address: d.s.at(st.URL, ""), List: wanted{Story: id}.link()}
}

// A tab leads to a list.
type tab struct {
	Name, Link string
	Count      int
	Here       bool
}

// list shows comments: those that wait, if nothing else is asked for.
func (d *desk) list(w http.ResponseWriter, r *http.Request, v *member) error {
	ctx, l := r.Context(), wantedOf(r.URL.Query())
	q := comments.Query{State: l.State, Story: l.Story, Text: l.Q, OldestFirst: l.oldest()}
	total, err := d.s.store.Count(ctx, q)
	if err != nil {
		return err
	}
	q.Limit = perPage + 1
	if l.oldest() {
		q.After = l.After
	} else {
		q.Before = l.After
	}
	found, err := d.s.store.Find(ctx, q)
	if err != nil {
		return err
	}
	more := ""
	if len(found) > perPage {
		found = found[:perPage]
		next := l
		next.After = found[perPage-1].ID
		more = next.link()
	}
	voice := d.voices[d.tag(r)]
	cards, err := d.cards(ctx, voice, found)
	if err != nil {
		return err
	}
	back, first := l.values().Encode(), l
	first.After = ""
	data := map[string]any{"Cards": cards, "Total": total, "State": string(l.State), "StoryID": l.Story, "Q": l.Q, "After": l.After, "More": more,
		"First": first.link(), "Back": back, "Oldest": l.oldest(), "Lists": d.tabs(l, total), "Decisions": choicesBut(l.State), "Length": comments.Most,
		"Heading": voice.say(heading(l))}
	if l.Story != "" {
		stories, err := d.s.store.Stories(ctx, l.Story)
		if err != nil {
			return err
		}
		st := d.named(l.Story, stories)
		if st.Closed, err = d.s.store.Closed(ctx, l.Story); err != nil {
			return err
		}
		data["Story"] = st
	}
	if err := d.notices(r, data); err != nil {
		return err
	}
	d.show(w, r, v, http.StatusOK, "list", data)
	return nil
}

// heading is the name of a list.
func heading(l wanted) string {
	switch {
	case l.Story != "":
		return "story"
	case l.Q != "":
		return "found"
	case l.State == comments.Waiting:
		return "queue"
	case l.State == "":
		return "all"
	}
	return string(l.State)
}

// tabs lead to the lists by state, of the same story and search.
func (d *desk) tabs(l wanted, total int) (tabs []tab) {
	for _, s := range append(slices.Clone(states), "") {
		to := l
		to.State, to.After = s, ""
		t := tab{Name: cmp.Or(string(s), "all"), Link: to.link(), Here: s == l.State}
		if t.Here {
			t.Count = total
		}
		tabs = append(tabs, t)
	}
	return tabs
}

// A done is a group of comments that somebody has just decided alike, and can take back.
type done struct {
	ID    string
	State comments.State
	Name  string   // of the only one
	Items []string // what a form says of each to undo it
}

// A met is a comment that somebody else has decided meanwhile.
type met struct {
	comments.Comment
}

// said are the notices that an address may ask for.
var said = []string{"none_selected", "said_shortened", "said_approved", "said_restored", "said_replied", "said_closed", "said_opened", "said_words", "said_password",
	"said_feed", "said_account", "said_removed", "said_forgotten"}

// notices say what was just done. The address names the comments only; what became
// of them is asked of the store, so that no address says what is not so.
func (d *desk) notices(r *http.Request, data map[string]any) error {
	q := r.URL.Query()
	if s := "said_" + q.Get("said"); slices.Contains(said, s) {
		data["Said"] = s
	} else if q.Get("said") == "none" {
		data["Said"] = "none_selected"
	}
	var did []done
	for _, item := range split(q.Get("did")) {
		id, was, _ := strings.Cut(item, "~")
		c, err := d.s.store.Comment(r.Context(), id)
		if none(err) {
			continue
		} else if err != nil {
			return err
		}
		i := slices.IndexFunc(did, func(g done) bool { return g.State == c.State })
		if i < 0 {
			i, did = len(did), append(did, done{ID: "undo-" + string(c.State), State: c.State, Name: c.Name})
		}
		did[i].Items = append(did[i].Items, strings.Join([]string{c.ID, string(c.State), was}, " "))
		if len(did[i].Items) > 1 {
			did[i].Name = ""
		}
	}
	var others []met
	for _, id := range split(q.Get("met")) {
		c, err := d.s.store.Comment(r.Context(), id)
		if none(err) {
			continue
		} else if err != nil {
			return err
		}
		others = append(others, met{c})
	}
	data["Did"], data["Met"] = did, others
	if did != nil || others != nil || data["Said"] != nil {
		data["At"] = cmp.Or(q.Get("at"), "list")
	}
	return nil
}

// split parts what an address lists, of which there are no more than a page shows.
func split(list string) []string {
	if list == "" {
		return nil
	}
	all := strings.Split(list, ",")
	return all[:min(len(all), 2*perPage)]
}

// comment shows one comment, with what answers it and what happened to it.
func (d *desk) comment(w http.ResponseWriter, r *http.Request, v *member) error {
	return d.showComment(w, r, v, r.URL.Query().Get("id"), http.StatusOK, map[string]any{})
}

func (d *desk) showComment(w http.ResponseWriter, r *http.Request, v *member, id string, status int, data map[string]any) error {
	ctx := r.Context()
	c, err := d.s.store.Comment(ctx, id)
	if err != nil {
		return err
	}
	cards, err := d.cards(ctx, d.voices[d.tag(r)], []comments.Comment{c})
	if err != nil {
		return err
	}
	data["Card"], data["Back"], data["Length"] = cards[0], "id="+c.ID, comments.Most
	if data["Answered"], err = d.answers(ctx, c); err != nil {
		return err
	}
	if err := d.notices(r, data); err != nil {
		return err
	}
	d.show(w, r, v, status, "comment", data)
	return nil
}

// answers are the comments that answer one.
func (d *desk) answers(ctx context.Context, c comments.Comment) ([]comments.Comment, error) {
	return d.s.store.Find(ctx, comments.Query{Story: c.Story, Parent: c.ID, OldestFirst: true, Limit: 1000})
}

// person shows all comments that were sent with the address of one of them. The
// address itself is in no URL.
func (d *desk) person(w http.ResponseWriter, r *http.Request, v *member) error {
	c, all, err := d.personOf(r)
	if err != nil {
		return err
	}
	slices.Reverse(all)
	cards, err := d.cards(r.Context(), d.voices[d.tag(r)], all)
	if err != nil {
		return err
	}
	data := map[string]any{"Cards": cards, "Email": c.Email, "Of": c.ID, "Back": "of=" + c.ID, "Length": comments.Most}
	if err := d.notices(r, data); err != nil {
		return err
	}
	d.show(w, r, v, http.StatusOK, "person", data)
	return nil
}
