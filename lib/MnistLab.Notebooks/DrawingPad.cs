using System.Net;
using MnistLab.Notebooks.Display;
using MnistLab.Notebooks.Texts;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents a pad to draw digits on, with predictions from a deployed service. It embeds the service's own page in a
/// frame, so that the service need not accept cross-origin requests. If the service does not respond, the output says
/// so and explains how to start it.
/// </summary>
public sealed class DrawingPad
{
    private DrawingPad(Uri url) => Url = url;

    /// <summary>Gets the service's address, as the reader's browser reaches it.</summary>
    public Uri Url { get; }

    /// <summary>Creates a pad for a service.</summary>
    /// <param name="service">The service's address, such as <c>http://127.0.0.1:8080/</c>.</param>
    /// <exception cref="ArgumentException">The address is not an HTTP or HTTPS address.</exception>
    public static DrawingPad For(Uri service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.IsAbsoluteUri && service.Scheme is "http" or "https"
            ? new DrawingPad(service)
            : throw new ArgumentException($"'{service}' is not the address of a service. Example: http://127.0.0.1:8080/", nameof(service));
    }

    /// <summary>Returns the text for front ends without HTML.</summary>
    public override string ToString() => TrainingTexts.Pad.With(Url);

    internal string ToHtml() => EmbeddedFile.Read("drawing-pad.html")
        .Replace("{id}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal)
        .Replace("{title}", TrainingTexts.PadTitle.With(Url), StringComparison.Ordinal)
        .Replace("{silent}", TrainingTexts.PadSilent.With(Link, "<code>services list</code>"), StringComparison.Ordinal)
        .Replace("{again}", TrainingTexts.TryAgain, StringComparison.Ordinal)
        .Replace("{language}", DisplayText.Language, StringComparison.Ordinal)
        .Replace("{url}", Address, StringComparison.Ordinal);

    private string Address => WebUtility.HtmlEncode(Url.ToString());

    private string Link => $"<a href=\"{Address}\" target=\"_blank\" rel=\"noopener\">{Address}</a>";
}
