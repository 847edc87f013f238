package build

import (
	"cmp"
	"html/template"
	"maps"
	"math"
	"slices"
	"strconv"

	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/threads"
)

// What readers have said. The site knows of which stories there is something, and
// in which file ("said", "threads"); what stands in it is read here, and asked for
// by its sum, so that a comment more makes nothing but what shows it.

const (
	levels     = 3  // of comments on a page
	newestTold = 20 // comments that machines are told of
	tellsOut   = 10 // answers from which on a tally says something
)

// readers are the questions about what they have said.
func (p *press) readers() page.Book {
	return page.Book{
		"thread":         {Answer: p.answerThread, Noted: true},
		"commentcount":   {Answer: p.answerCommentCount, Noted: true},
		"tally":          {Answer: p.answerTally, Noted: true},
		"lastcomment":    {Answer: p.answerLastComment, Noted: true},
		"newestcomments": {Answer: p.answerNewestComments, Noted: true, Keep: true},
	}
}

// said asks for the files of what readers have said of a story.
func said(ask *page.Ask, path string) (site.Said, error) {
	of, err := page.Get[*site.Said](ask, "said", page.Args(path))
	if of == nil || err != nil {
		return site.Said{}, err
	}
	return *of, nil
}

// comments reads a file of comments, and tells what is wrong with it. Only one
// question of a build need do that.
func (p *press) comments(ask *page.Ask, file string, tell bool) ([]threads.Comment, error) {
	if file == "" {
		return nil, nil
	}
	data, _, err := p.readFor(ask, file)
	if err != nil {
		return nil, err
	}
	all, problems := threads.Parse(file, data)
	if wrong := slices.IndexFunc(problems, isError); wrong >= 0 {
		return nil, problems[wrong]
	}
	if tell {
		for _, c := range all {
			if _, cut := threads.Shown(c.Text); cut {
				problems = append(problems, diag.Problem{Severity: diag.Warning, Path: file, Text: "the comment " + quoted(c.ID) + " is too long: no more than " + strconv.Itoa(threads.Longest) + " characters of it are shown",
					Hint: "shorten it where it is kept"})
			}
		}
		ask.Report(problems...)
	}
	return all, nil
}

// answerThread answers "thread LANG PATH" with what readers have said of a story.
func (p *press) answerThread(ask *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 2)
	of, err := said(ask, f[1])
	if of.Thread == "" || err != nil {
		return page.Answer{}, err
	}
	all, err := p.comments(ask, of.Thread, true)
	if len(all) == 0 || err != nil {
		return page.Answer{}, err
	}
	paper, err := page.Get[string](ask, "config", page.Args(f[0], "title"))
	if err != nil {
		return page.Answer{}, err
	}
	if _, err := ask.Digest("config", page.Args(f[0], "timezone")); err != nil {
		return page.Answer{}, err
	}
	t := p.threadOf(all, paper)
	t.Feed = of.Feed
	return page.Answer{Value: t}, nil
}

// threadOf is a thread as a page shows it. The paper is known by its name, which
// the service gives to nobody else.
func (p *press) threadOf(all []threads.Comment, paper string) *site.Thread {
	t := &site.Thread{Count: len(all)}
	there := map[string]bool{}
	for _, c := range all {
		there[c.ID] = true
	}
	one := func(c threads.Comment) site.Comment {
		if !there[c.Parent] {
			c.Parent = ""
		}
		return p.shownComment(c, paper)
	}
	var branches func(some []threads.Branch) []site.Comment
	branches = func(some []threads.Branch) (shown []site.Comment) {
		for _, b := range some {
			c := one(b.Comment)
			if b.To != nil {
				c.To = threads.ShownName(b.To.Name)
			}
			c.Replies = branches(b.Replies)
			shown = append(shown, c)
		}
		return shown
	}
	t.Comments = branches(threads.Tree(all, levels))
	for _, c := range slices.Backward(all[max(0, len(all)-newestTold):]) {
		t.Newest = append(t.Newest, one(c))
	}
	return t
}

func (p *press) shownComment(c threads.Comment, paper string) site.Comment {
	text, _ := threads.Shown(c.Text)
	return site.Comment{ID: c.ID, Name: threads.ShownName(c.Name), Paper: threads.ShownName(c.Name) == threads.ShownName(paper), Time: c.Time.In(p.config.Zone),
		Text: template.HTML(threads.HTML(c.Text)), Plain: text, Parent: c.Parent}
}

// answerCommentCount answers "commentcount PATH" with how many comments a story
// shows.
func (p *press) answerCommentCount(ask *page.Ask, args string) (page.Answer, error) {
	of, err := said(ask, page.Fields(args, 1)[0])
	if err != nil {
		return page.Answer{}, err
	}
	all, err := p.comments(ask, of.Thread, false)
	return page.Answer{Value: len(all), Digest: numberSum(int64(len(all)))}, err
}

// answerTally answers "tally PATH".
func (p *press) answerTally(ask *page.Ask, args string) (page.Answer, error) {
	of, err := said(ask, page.Fields(args, 1)[0])
	if of.Tally == "" || err != nil {
		return page.Answer{}, err
	}
	data, _, err := p.readFor(ask, of.Tally)
	if err != nil {
		return page.Answer{}, err
	}
	t, problems := threads.ParseTally(of.Tally, data)
	if wrong := slices.IndexFunc(problems, isError); wrong >= 0 {
		return page.Answer{}, problems[wrong]
	}
	ask.Report(problems...)
	if t.Yes+t.No < tellsOut {
		return page.Answer{}, nil
	}
	return page.Answer{Value: &site.Tally{Yes: t.Yes, No: t.No, Count: t.Yes + t.No}}, nil
}

// answerLastComment answers "lastcomment FILE" with when the last comment of a thread
// was sent. The time is in the digest: whoever asks for that alone learns it without
// the file being read, as long as that is the same.
func (p *press) answerLastComment(ask *page.Ask, args string) (page.Answer, error) {
	all, err := p.comments(ask, page.Fields(args, 1)[0], false)
	if len(all) == 0 || err != nil {
		return page.Answer{Value: never, Digest: numberSum(never)}, err
	}
	at := all[len(all)-1].Time.Unix()
	return page.Answer{Value: at, Digest: numberSum(at)}, nil
}

// never is the last comment of a thread that has none.
const never = int64(math.MinInt64)

// answerNewestComments answers "newestcomments LANG N". The newest comments are in
// those threads whose last ones are the newest: of all others no more is asked than
// when the last was sent.
func (p *press) answerNewestComments(ask *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 2)
	of, err := page.Get[*site.Threads](ask, "threads", page.Args(f[0]))
	if err != nil {
		return page.Answer{}, err
	}
	most, _ := strconv.Atoi(f[1])
	most = max(0, most)
	if _, err := ask.Digest("config", page.Args(f[0], "timezone")); err != nil {
		return page.Answer{}, err
	}
	paths, err := lively(ask, of.Files, most)
	if err != nil {
		return page.Answer{}, err
	}
	var all []foundComment
	for _, path := range paths {
		some, err := p.comments(ask, of.Files[path], false)
		if err != nil {
			return page.Answer{}, err
		}
		for _, c := range some[max(0, len(some)-most):] {
			all = append(all, foundComment{c, path})
		}
		if len(all) > 100*most { // many of one second: no archive is held whole
			all = newestOf(all, most)
		}
	}
	feed := &site.CommentFeed{Threads: *of}
	feed.Files = nil
	for _, c := range newestOf(all, most) {
		card, err := page.Get[*site.Card](ask, "card", page.Args(f[0], c.story))
		if err != nil {
			return page.Answer{}, err
		}
		if card == nil {
			continue
		}
		if feed.Updated.Before(c.Time) {
			feed.Updated = c.Time.In(p.config.Zone)
		}
		feed.Items = append(feed.Items, site.CommentItem{Comment: p.shownComment(c.Comment, of.Title), URL: card.URL, Permalink: card.Permalink, Headline: card.Headline})
	}
	return page.Answer{Value: feed}, nil
}

// lively are the stories of so many threads whose last comments are the newest,
// sorted, and of more if several are of the same second.
func lively(ask *page.Ask, files map[string]string, most int) ([]string, error) {
	paths := slices.Sorted(maps.Keys(files))
	last := make([]int64, len(paths))
	for i, path := range paths {
		sum, err := ask.Digest("lastcomment", page.Args(files[path]))
		if err != nil {
			return nil, err
		}
		last[i] = numberOf(sum)
	}
	if len(paths) <= most {
		return paths, nil
	}
	times := slices.Clone(last)
	slices.Sort(times)
	from := times[len(times)-max(1, most)]
	var some []string
	for i, path := range paths {
		if last[i] >= from {
			some = append(some, path)
		}
	}
	return some, nil
}

// newestOf are so many comments, the newest first.
func newestOf(all []foundComment, most int) []foundComment {
	slices.SortStableFunc(all, func(a, b foundComment) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID)) })
	return all[:min(most, len(all))]
}

// A foundComment is a comment with the path of its story.
type foundComment struct {
	threads.Comment
	story string
}
