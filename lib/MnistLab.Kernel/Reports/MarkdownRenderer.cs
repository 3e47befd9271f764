using System.Text;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace MnistLab.Kernel.Reports;

/// <summary>
/// Renders Markdown as HTML, with anchors for headings and with links between notebooks that stay within the report.
/// </summary>
internal sealed class MarkdownRenderer(NotebookLinks links)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseTaskLists().UseAutoLinks().UseEmphasisExtras().UseFootnotes().Build();

    /// <summary>
    /// Returns the headings of a text, with anchors that are distinct from those in <paramref name="taken"/>.
    /// </summary>
    public static IReadOnlyList<Heading> Headings(string source, string anchor, ISet<string> taken) =>
        [.. Markdown.Parse(source, Pipeline).Descendants<HeadingBlock>().Select(block => ToHeading(block, anchor, taken))];

    /// <summary>Returns the text as HTML. HTML in the text stays unchanged.</summary>
    /// <param name="source">The Markdown.</param>
    /// <param name="anchor">The anchor of the notebook, which begins the anchors of the headings.</param>
    /// <param name="taken">The anchors that are already in use; those of this text are added.</param>
    public string Render(string source, string anchor, ISet<string> taken)
    {
        var document = Markdown.Parse(source, Pipeline);
        foreach (var block in document.Descendants<HeadingBlock>()) block.GetAttributes().Id = ToHeading(block, anchor, taken).Anchor;
        foreach (var link in document.Descendants<LinkInline>()) Redirect(link, anchor);

        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString();
    }

    private void Redirect(LinkInline link, string anchor)
    {
        if (link.Url is not { } url) return;
        if (!link.IsImage) link.Url = links.Resolve(url, anchor);
        else if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) ShowAsLink(link, anchor);
    }

    // An external image cannot be shown without loading it, so its description becomes a link to its address.
    private void ShowAsLink(LinkInline picture, string anchor)
    {
        picture.IsImage = false;
        picture.Url = links.Resolve(picture.Url!, anchor);
        if (picture.FirstChild is null) picture.AppendChild(new LiteralInline(picture.Url));
    }

    private static Heading ToHeading(HeadingBlock block, string anchor, ISet<string> taken)
    {
        var text = TextOf(block.Inline);
        var wanted = $"{anchor}-{Slug.From(text)}";
        var unique = wanted;
        for (var attempt = 2; !taken.Add(unique); attempt++) unique = $"{wanted}-{attempt}";
        return new(block.Level, text, unique);
    }

    private static string TextOf(ContainerInline? inline) => inline is null
        ? ""
        : inline.Descendants().Aggregate(new StringBuilder(), (text, part) => part switch
        {
            LiteralInline literal => text.Append(literal.Content.AsSpan()),
            CodeInline code => text.Append(code.Content),
            LineBreakInline => text.Append(' '),
            HtmlEntityInline entity => text.Append(entity.Transcoded.AsSpan()),
            _ => text,
        }).ToString();
}
