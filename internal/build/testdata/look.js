// What is wrong with how a page is set, in words: the rule, the element, by how
// much. look_test.go evaluates it in a page; it changes nothing there.
(() => {
	const faults = [], style = e => getComputedStyle(e), all = s => [...document.querySelectorAll(s)];
	const print = matchMedia("print").matches, near = 1.5; // pixels that nobody sees
	const named = e => e.localName + [...e.classList].map(c => "." + c).join("");
	const said = e => named(e.parentElement) + " " + named(e) + " “" + e.textContent.trim().replace(/\s+/g, " ").slice(0, 40) + "”";
	const fault = (rule, text) => faults.push(rule + ": " + text);
	const px = n => Math.round(n) + " px";
	const visible = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
	const scrolls = e => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(style(e).overflowX);
	const scroller = e => { for (; e && e !== document.body; e = e.parentElement) if (scrolls(e)) return e; };
	const begun = e => getComputedStyle(e, "::first-letter").initialLetter > "0" && getComputedStyle(e, "::first-letter").initialLetter !== "normal";

	// What is left of a rectangle once all boxes around it have cut it. The page
	// itself cuts nothing: what sticks out of it is told as that.
	const clip = (r, e) => {
		let [left, top, right, bottom] = [r.left, r.top, r.right, r.bottom];
		for (; e && e !== document.body; e = e.parentElement) {
			const s = style(e), b = e.getBoundingClientRect();
			if (s.overflowX !== "visible") [left, right] = [Math.max(left, b.left), Math.min(right, b.right)];
			if (s.overflowY !== "visible") [top, bottom] = [Math.max(top, b.top), Math.min(bottom, b.bottom)];
			if (s.position === "fixed") break;
		}
		return { left, top, right, bottom, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
	};
	const block = e => { while (/^(inline|contents)$/.test(style(e).display)) e = e.parentElement; return e; };

	// Everything that is read: each line of each text, without the room above and
	// below its letters, and each picture.
	const seen = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
	while (walker.nextNode()) {
		const node = walker.currentNode, e = node.parentElement;
		if (!node.data.trim() || !visible(e)) continue;
		range.selectNodeContents(node);
		const box = block(e), b = box.getBoundingClientRect(), inScroller = scroller(e);
		// Of a large letter that begins a story, Chromium tells the rectangle as if it stood above.
		const letter = begun(box) && node === box.firstChild;
		for (const r of [...range.getClientRects()].slice(letter ? 1 : 0)) {
			if (r.width < 1) continue;
			const line = { left: r.left, right: r.right, top: r.top + r.height * .28, bottom: r.bottom - r.height * .28 };
			const left = clip(line, e);
			if (left.width <= 2 && r.width > 2 && b.width <= 2) continue; // for screen readers alone
			if (!inScroller) {
				const over = Math.max(r.right - b.right, b.left - r.left, line.bottom - b.bottom, b.top - line.top);
				if (over > near) fault("box", said(e) + " sticks out of its box by " + px(over));
				const cut = Math.max(r.width - left.width, line.bottom - line.top - left.height);
				if (cut > near) fault("cut", said(e) + " is cut off by " + px(cut));
			}
			if (left.width && left.height) seen.push({ ...left, e, box });
		}
	}
	for (const e of all("img, video, iframe, svg")) if (visible(e)) seen.push({ ...clip(e.getBoundingClientRect(), e), e, box: e });

	// Nothing sticks out of the window, nothing lies on anything else.
	const width = innerWidth;
	if (document.documentElement.scrollWidth > width) fault("wide", "the page scrolls sideways by " + px(document.documentElement.scrollWidth - width));
	for (const e of all("body *")) {
		if (!visible(e) || scroller(e.parentElement)) continue;
		const r = clip(e.getBoundingClientRect(), e.parentElement), over = Math.max(r.right - width, -r.left);
		if (r.width && r.height && over > near) fault("wide", said(e) + " sticks out of the window by " + px(over));
	}
	seen.sort((a, b) => a.top - b.top);
	seen.forEach((a, i) => {
		for (let j = i + 1; j < seen.length && seen[j].top < a.bottom; j++) {
			const b = seen[j];
			const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - b.top;
			if (a.box !== b.box && across > near && down > near) fault("overlap", said(a.e) + " and " + said(b.e) + " overlap by " + px(across) + " × " + px(down));
		}
	});

	// No card is alone in the last row of several, unless it fills it.
	for (const grid of all(".row, .gallery, .picture-grid")) {
		if (!visible(grid)) continue;
		const rows = new Map();
		for (const c of grid.children) {
			const top = Math.round(c.getBoundingClientRect().top);
			rows.set(top, [...rows.get(top) || [], c]);
		}
		const last = [...rows.values()].pop(), most = Math.max(...[...rows.values()].map(r => r.length));
		const room = grid.getBoundingClientRect().width - last[0].getBoundingClientRect().width;
		if (most > 1 && last.length === 1 && room > 20) fault("orphan", said(last[0]) + " is alone in the last row of " + named(grid));
	}

	// A face is round.
	for (const e of all("img")) {
		const r = e.getBoundingClientRect();
		if (visible(e) && style(e).borderRadius === "50%" && Math.abs(r.width - r.height) > near) fault("round", said(e) + " is " + px(r.width) + " × " + px(r.height));
	}

	// The lead is twice a second; in a few letters alone, twice what is in the middle.
	const area = e => e ? e.getBoundingClientRect().width * e.getBoundingClientRect().height : 0;
	const first = document.querySelector(".card-lead"), lead = area(first), seconds = all(".slot-seconds .card").map(area).sort((a, b) => a - b);
	const short = first && !first.querySelector(".card-picture") && first.querySelector(".card-title").textContent.length < 20;
	const next = seconds[short ? seconds.length - 1 >> 1 : seconds.length - 1] || 0;
	if (!print && next && lead < 2 * next) fault("lead", "the lead is " + (lead / next).toFixed(2) + " times a second");

	// Lines of 60 to 70 characters on a desk. The last two of a paragraph may be
	// evened out.
	const lines = [];
	for (const p of !print && width >= 1280 ? all(".body > p") : []) {
		const box = p.getBoundingClientRect(), height = parseFloat(style(p).lineHeight), counts = [];
		if (p.querySelector("img, br") || begun(p) || box.height < 4 * height || lines.length > 30) continue;
		for (const w = document.createTreeWalker(p, NodeFilter.SHOW_TEXT); w.nextNode();) {
			for (let i = 0; i < w.currentNode.length; i++) {
				range.setStart(w.currentNode, i);
				range.setEnd(w.currentNode, i + 1);
				const r = range.getBoundingClientRect(), at = Math.floor(((r.top + r.bottom) / 2 - box.top) / height);
				counts[at] = (counts[at] || 0) + 1;
			}
		}
		lines.push(...counts.slice(0, -2));
	}
	const line = lines.reduce((a, b) => a + b, 0) / lines.length;
	if (line < 60 || line > 70) fault("line", line.toFixed(1) + " characters a line");

	// What scrolls can be scrolled by the keyboard, and has a name.
	if (!print) for (const e of all("body *")) {
		if (visible(e) && scrolls(e) && (e.tabIndex < 0 || e.localName !== "pre" && (e.getAttribute("role") !== "region" || !e.getAttribute("aria-label")))) fault("scroll", said(e) + " scrolls by the pointer alone");
	}
	if (all("h1").length !== 1) fault("h1", "there are " + all("h1").length);

	// Every letter has a glyph: what is drawn of it is not what is drawn of U+10FFFD,
	// which is nobody's letter.
	const drawn = window.lookDrawn ??= new Map(), canvas = window.lookCanvas ??= new OffscreenCanvas(40, 40).getContext("2d", { willReadFrequently: true });
	const draw = (font, c) => {
		if (!drawn.has(font + c)) {
			canvas.clearRect(0, 0, 40, 40);
			canvas.font = font;
			canvas.fillText(c, 4, 30);
			drawn.set(font + c, canvas.getImageData(0, 0, 40, 40).data.join());
		}
		return drawn.get(font + c);
	};
	const missing = new Set();
	for (const { e } of seen) {
		const s = style(e), font = s.fontWeight + " 24px " + s.fontFamily;
		for (const node of e.childNodes) for (const c of node.nodeType === 3 ? node.data : "") {
			if (!/[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(c) && draw(font, c) === draw(font, "\u{10FFFD}")) missing.add(c + " (U+" + c.codePointAt(0).toString(16).toUpperCase() + ") in " + said(e));
		}
	}
	for (const m of missing) fault("glyph", "there is none for " + m);
	return [...new Set(faults)];
})()
