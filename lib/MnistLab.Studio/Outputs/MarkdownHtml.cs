using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Converts Markdown to HTML for Studio's own pages: only safe HTML in it is kept, and links lead to Studio's pages.
/// </summary>
internal static class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseTaskLists().UseAutoLinks().UseEmphasisExtras().UseFootnotes().UseAutoIdentifiers().Build();

    /// <summary>Renders a text.</summary>
    /// <param name="source">The Markdown.</param>
    /// <param name="folder">The base folder of relative links, in the workspace.</param>
    public static string Render(string source, string folder)
    {
        var document = Markdown.Parse(source, Pipeline);
        foreach (var link in document.Descendants<LinkInline>()) Redirect(link, folder);
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail)) OpenElsewhere(link);
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlBlockRenderer>(new SafeBlocks());
        renderer.ObjectRenderers.Replace<HtmlInlineRenderer>(new SafeInlines());
        renderer.Render(document);
        return writer.ToString();
    }

    /// <summary>Resolves a link to the address of a page of Studio.</summary>
    /// <param name="url">The link.</param>
    /// <param name="folder">The base folder of relative links, in the workspace.</param>
    /// <param name="isImage">Whether the link refers to an image.</param>
    public static string Resolve(string url, string folder, bool isImage)
    {
        if (url.StartsWith('#') || Uri.TryCreate(url, UriKind.Absolute, out _) && !url.StartsWith('/')) return url;
        var (path, fragment) = url.IndexOf('#', StringComparison.Ordinal) is var mark and >= 0 ? (url[..mark], url[mark..]) : (url, "");
        var target = new Uri(new Uri($"file:///{Escape(folder)}{(folder.Length > 0 ? "/" : "")}"), path).AbsolutePath.TrimStart('/');
        var page = isImage ? "file"
            : WorkspaceFiles.IsNotebook(target) ? "notebook"
            : target.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? "document" : "file";
        return $"/{page}/{target}{fragment}";
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static void Redirect(LinkInline link, string folder)
    {
        if (link.Url is not { } url) return;
        link.Url = Resolve(url, folder, link.IsImage);
        if (Uri.TryCreate(link.Url, UriKind.Absolute, out var absolute) && !link.Url.StartsWith('/'))
        {
            // Pages of Studio only link to the web and to mail addresses, not to scripts or local files.
            var isImage = link.IsImage && link.Url.StartsWith("data:image/", StringComparison.Ordinal);
            if (absolute.Scheme is not ("http" or "https" or "mailto") && !isImage) link.Url = "#";
            else if (!link.IsImage) OpenElsewhere(link);
        }
    }

    private static void OpenElsewhere(Inline link)
    {
        link.GetAttributes().AddPropertyIfNotExist("target", "_blank");
        link.GetAttributes().AddPropertyIfNotExist("rel", "noopener noreferrer");
    }

    private sealed class SafeBlocks : HtmlObjectRenderer<HtmlBlock>
    {
        protected override void Write(HtmlRenderer renderer, HtmlBlock block) =>
            renderer.Write(SafeHtml.Sanitize(block.Lines.ToString())).WriteLine();
    }

    private sealed class SafeInlines : HtmlObjectRenderer<HtmlInline>
    {
        protected override void Write(HtmlRenderer renderer, HtmlInline inline) => renderer.Write(SafeHtml.Sanitize(inline.Tag));
    }
}
