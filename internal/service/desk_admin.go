package service

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"stet/internal/comments"
)

// What editors do for the whole desk, and everybody with his own account.

// blockWords shows the words for which comments are held.
func (d *desk) blockWords(w http.ResponseWriter, r *http.Request, v *member) error {
	words, err := d.s.store.Words(r.Context())
	if err != nil {
		return err
	}
	text := strings.Join(words, "\n")
	return d.showWords(w, r, v, http.StatusOK, text, text, nil)
}

func (d *desk) showWords(w http.ResponseWriter, r *http.Request, v *member, status int, text, seen string, faults []Fault) error {
	d.show(w, r, v, status, "words", map[string]any{"Words": text, "Seen": sum(nil, "words", seen), "Errors": faults, "Said": saidIn(r)})
	return nil
}

func (d *desk) setWords(w http.ResponseWriter, r *http.Request, v *member) error {
	were, err := d.s.store.Words(r.Context())
	if err != nil {
		return err
	}
	text := lines.Replace(r.PostForm.Get("words"))
	if kept := strings.Join(were, "\n"); r.PostForm.Get("seen") != sum(nil, "words", kept) {
		fault := Fault{"words", d.voices[d.tag(r)].say("changed_words")}
		both := append(were, strings.Split(text, "\n")...)
		slices.Sort(both)
		return d.showWords(w, r, v, http.StatusConflict, strings.Join(slices.Compact(both), "\n"), kept, []Fault{fault})
	}
	if err := d.s.store.SetWords(r.Context(), v.Name, strings.Split(text, "\n")); err != nil {
		return err
	}
	redirect(w, "words?said=words")
	return nil
}

// saidIn is the notice that an address asks for.
func saidIn(r *http.Request) string {
	if s := "said_" + r.URL.Query().Get("said"); slices.Contains(said, s) {
		return s
	}
	return ""
}

// An entry is an act with the story it was about.
type entry struct {
	comments.Act
	Of *told
}

const actsPerPage = 100

// log shows who did what.
func (d *desk) log(w http.ResponseWriter, r *http.Request, v *member) error {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	acts, err := d.s.store.Acts(r.Context(), actsPerPage+1, max(before, 0))
	if err != nil {
		return err
	}
	data := map[string]any{}
	if len(acts) > actsPerPage {
		acts = acts[:actsPerPage]
		data["More"] = acts[actsPerPage-1].N
	}
	var ids []string
	for _, a := range acts {
		ids = append(ids, a.Story)
	}
	stories, err := d.s.store.Stories(r.Context(), ids...)
	if err != nil {
		return err
	}
	entries := make([]entry, len(acts))
	for i, a := range acts {
		entries[i] = entry{Act: a}
		if a.Story != "" {
			st := d.named(a.Story, stories)
			entries[i].Of = &st
		}
	}
	data["Acts"] = entries
	d.show(w, r, v, http.StatusOK, "log", data)
	return nil
}

// accounts shows who is of the desk.
func (d *desk) accounts(w http.ResponseWriter, r *http.Request, v *member) error {
	return d.showAccounts(w, r, v, http.StatusOK, nil)
}

func (d *desk) showAccounts(w http.ResponseWriter, r *http.Request, v *member, status int, faults []Fault) error {
	all, err := d.s.store.Accounts(r.Context())
	if err != nil {
		return err
	}
	d.show(w, r, v, status, "accounts", map[string]any{"Accounts": all, "Errors": faults, "NewName": r.PostForm.Get("name"), "Said": saidIn(r)})
	return nil
}

// changeAccounts adds an account, removes one or gives it another role. Nobody
// does so with his own, so that there always is an editor.
func (d *desk) changeAccounts(w http.ResponseWriter, r *http.Request, v *member) error {
	f, words, ctx := r.PostForm, d.voices[d.tag(r)], r.Context()
	wrong := func(field, key string) error {
		return d.showAccounts(w, r, v, http.StatusUnprocessableEntity, []Fault{{field, words.say(key)}})
	}
	if f.Get("do") == "add" {
		return d.addAccount(w, r, v, wrong)
	}
	a, err := d.s.store.Account(ctx, f.Get("name"))
	if err != nil {
		return err
	}
	if a.Name == v.Name {
		return wrong("", "your_own")
	}
	said := "account"
	switch to := f.Get("do"); to {
	case comments.Moderator, comments.Editor:
		a.Role = to
		err = d.s.store.SaveAccount(ctx, v.Name, a)
	case "remove":
		said = "removed"
		err = d.s.store.RemoveAccount(ctx, v.Name, a.Name)
	}
	if err != nil {
		return err
	}
	redirect(w, "accounts?said="+said)
	return nil
}

func (d *desk) addAccount(w http.ResponseWriter, r *http.Request, v *member, wrong func(field, key string) error) error {
	f, ctx := r.PostForm, r.Context()
	name := AccountName(f.Get("name"))
	if name == "" {
		return wrong("new-name", "odd_name")
	}
	if _, err := d.s.store.Account(ctx, name); err == nil {
		return wrong("new-name", "name_taken")
	} else if !none(err) {
		return err
	}
	hash, err := d.hash(r, f.Get("password"))
	if err == ErrPassword {
		return wrong("new-password", "odd_password")
	}
	if err != nil {
		return err
	}
	role := comments.Moderator
	if f.Get("role") == comments.Editor {
		role = comments.Editor
	}
	if err := d.s.store.SaveAccount(ctx, v.Name, comments.Account{Name: name, Role: role, Hash: hash}); err != nil {
		return err
	}
	redirect(w, "accounts?said=account")
	return nil
}

// hash hashes a password when it is its turn.
func (d *desk) hash(r *http.Request, password string) (hash []byte, err error) {
	if turned := d.lathe.turn(r.Context(), func() { hash, err = Hash(password) }); turned != nil {
		return nil, turned
	}
	return hash, err
}

// account shows somebody his own account.
func (d *desk) account(w http.ResponseWriter, r *http.Request, v *member) error {
	return d.showAccount(w, r, v, http.StatusOK, nil)
}

func (d *desk) showAccount(w http.ResponseWriter, r *http.Request, v *member, status int, faults []Fault) error {
	key, err := d.s.store.FeedKey(r.Context(), v.Name)
	if none(err) {
		key = random()
		err = d.s.store.SetFeedKey(r.Context(), v.Name, key)
	}
	if err != nil {
		return err
	}
	d.show(w, r, v, status, "account", map[string]any{"Feed": d.home(r) + "feed?key=" + key, "Errors": faults, "Said": saidIn(r)})
	return nil
}

// home is the whole address of the desk.
func (d *desk) home(r *http.Request) string {
	if d.s.origins.own != "" {
		return d.s.origins.own + d.s.base + "desk/"
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host + d.s.base + "desk/"
}

// changeAccount gives somebody another password, or his feed another address.
func (d *desk) changeAccount(w http.ResponseWriter, r *http.Request, v *member) error {
	f, words := r.PostForm, d.voices[d.tag(r)]
	if f.Get("do") == "feed" {
		if err := d.s.store.SetFeedKey(r.Context(), v.Name, random()); err != nil {
			return err
		}
		redirect(w, "account?said=feed")
		return nil
	}
	wrong := func(status int, field, key string) error {
		return d.showAccount(w, r, v, status, []Fault{{field, words.say(key)}})
	}
	wait, err := d.s.allow(r.Context(), "desk", signIns, d.s.from(r), v.Name)
	if err != nil {
		return err
	}
	if wait > 0 {
		return d.showAccount(w, r, v, http.StatusTooManyRequests, []Fault{{"", words.say("too_often", "count", minutes(wait))}})
	}
	a, ok, err := d.known(r.Context(), v.Name, f.Get("old"))
	if err != nil {
		return err
	}
	if !ok {
		return wrong(http.StatusUnprocessableEntity, "old", "wrong_old")
	}
	a.Hash, err = d.hash(r, f.Get("new"))
	if err == ErrPassword {
		return wrong(http.StatusUnprocessableEntity, "new", "odd_password")
	}
	if err != nil {
		return err
	}
	if err := d.s.store.SaveAccount(r.Context(), v.Name, a); err != nil {
		return err
	}
	if err := d.start(w, r, a); err != nil { // the one before has ended with the password
		return err
	}
	redirect(w, "account?said=password")
	return nil
}

// forget asks whether a person is to be forgotten.
func (d *desk) forget(w http.ResponseWriter, r *http.Request, v *member) error {
	return d.showForget(w, r, v, http.StatusOK, nil)
}

func (d *desk) showForget(w http.ResponseWriter, r *http.Request, v *member, status int, faults []Fault) error {
	c, all, err := d.personOf(r)
	if err != nil {
		return err
	}
	d.show(w, r, v, status, "forget", map[string]any{"Email": c.Email, "Of": c.ID, "Count": len(all), "Errors": faults})
	return nil
}

func (d *desk) forgetNow(w http.ResponseWriter, r *http.Request, v *member) error {
	if r.PostForm.Get("sure") != "yes" {
		return d.showForget(w, r, v, http.StatusUnprocessableEntity, []Fault{{"sure", d.voices[d.tag(r)].say("need_sure")}})
	}
	c, _, err := d.personOf(r)
	if err != nil {
		return err
	}
	if _, err := d.s.store.Forget(r.Context(), v.Name, c.Email); err != nil {
		return err
	}
	place{query: url.Values{}}.lead(w, url.Values{"said": {"forgotten"}})
	return nil
}

// export is all that is known of a person, as a file.
func (d *desk) export(w http.ResponseWriter, r *http.Request, _ *member) error {
	c, all, err := d.personOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="person.json"`)
	return comments.KnownOf(c.Email, d.s.Now(), all).Write(w)
}

// personOf is the comment by which a request names a person, and all comments that
// were sent with its address, the oldest first.
func (d *desk) personOf(r *http.Request) (c comments.Comment, all []comments.Comment, err error) {
	c, err = d.s.store.Comment(r.Context(), r.FormValue("of"))
	if err != nil {
		return c, nil, err
	}
	if c.Email == "" {
		return c, nil, comments.ErrNone
	}
	all, err = d.s.store.Person(r.Context(), c.Email)
	return c, all, err
}
