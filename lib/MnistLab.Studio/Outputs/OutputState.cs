using System.Text.Encodings.Web;
using System.Text.Json;
using MnistLab.Kernel.Documents;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Represents the current state of an output of a cell: streams grow, and displays are updated.
/// </summary>
internal sealed class OutputState
{
    private static readonly string[] ScriptTypes = ["text/html", "application/javascript", "image/svg+xml"];
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static long _last;

    private readonly StreamText? _text;
    private NotebookOutput _output;
    private OutputHtml? _parts;
    private int _partsVersion = -1;

    /// <summary>Initializes an output.</summary>
    /// <param name="output">The output from the kernel or the file.</param>
    /// <param name="displayId">The display ID, under which the kernel updates the output; null if it has none.</param>
    /// <param name="isOwn">Whether the output was created by a run in this session.</param>
    public OutputState(NotebookOutput output, string? displayId = null, bool isOwn = false)
    {
        (_output, DisplayId, IsOwn) = (output, displayId, isOwn);
        if (output is StreamOutput stream) (_text = new StreamText()).Append(stream.Text);
    }

    /// <summary>Gets the ID of the output, which is unique in this process.</summary>
    public long Id { get; } = Interlocked.Increment(ref _last);

    /// <summary>Gets the display ID, under which the kernel updates the output; null if it has none.</summary>
    public string? DisplayId { get; }

    /// <summary>Gets whether the output was created by a run in this session, rather than read from the file.</summary>
    public bool IsOwn { get; }

    /// <summary>Gets the number of changes so far.</summary>
    public int Version { get; private set; }

    /// <summary>Gets the text of a stream; null for other outputs.</summary>
    public StreamText? Text => _text;

    /// <summary>Gets the data of a display or result, by MIME type; null for other outputs.</summary>
    public MimeBundle? Data => _output switch
    {
        DisplayOutput display => display.Data,
        ResultOutput result => result.Data,
        _ => null,
    };

    /// <summary>Gets the plain text of a display or result; empty if it has none.</summary>
    public string PlainText => Data is { } data && data.TryGetText("text/plain", out var text) ? text : "";

    /// <summary>
    /// Gets the text of a display or result that is shown if it has no richer format: its JSON, indented, or its plain
    /// text; null if it has neither.
    /// </summary>
    public string? PlainData => Data is not { } data ? null
        : data.TryGet("application/json", out var json) ? json?.ToJsonString(Indented) ?? "null"
        : data.TryGetText("text/plain", out var text) ? text : null;

    /// <summary>Gets whether the output has a format that may contain scripts.</summary>
    public bool MayHaveScripts => Data is { } data && ScriptTypes.Any(type => data.TryGet(type, out _));

    /// <summary>
    /// Gets the HTML without its libraries; null if the output is not HTML, or contains no libraries.
    /// </summary>
    public OutputHtml? Parts
    {
        get
        {
            if (_partsVersion == Version) return _parts;
            _partsVersion = Version;
            _parts = Data is { } data && data.TryGetText("text/html", out var html) ? OutputHtml.Split(html) : null;
            if (_parts is { Libraries.Count: 0 }) _parts = null;
            return _parts;
        }
    }

    /// <summary>Gets the output in the form that is saved to the file.</summary>
    public NotebookOutput Output => _text is null ? _output : ((StreamOutput)_output) with { Text = _text.ToString() };

    /// <summary>Returns whether the output is the stream with a name.</summary>
    public bool IsStream(StreamName name) => _output is StreamOutput stream && stream.Name == name;

    /// <summary>Appends to a stream.</summary>
    public void Append(string text)
    {
        _text!.Append(text);
        Version++;
    }

    /// <summary>Replaces the data of a display.</summary>
    public void Update(MimeBundle data)
    {
        _output = _output switch
        {
            ResultOutput result => result with { Data = data },
            _ => new DisplayOutput(data, DisplayId),
        };
        Version++;
    }
}
