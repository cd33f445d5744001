parts-cancel = Cancel
parts-copy = Copy
parts-count = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
parts-pages = Pages
parts-page = Page { $number } of { $pages }
parts-beyond = There is no page { $number }: the last is { $pages }
parts-last = To the last page
parts-before = Previous
parts-after = Next
parts-go = Go to page
parts-go-button = Go
parts-sorted = Sort by
