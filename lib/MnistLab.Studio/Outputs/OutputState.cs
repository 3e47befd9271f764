using MnistLab.Kernel;

namespace MnistLab.Studio.Outputs;

/// <summary>An output of a cell, as it is now: streams grow, and displays are updated.</summary>
internal sealed class OutputState
{
    private static readonly string[] ScriptTypes = ["text/html", "application/javascript", "image/svg+xml"];
    private static long _last;

    private readonly StreamText? _text;
    private NotebookOutput _output;
    private OutputHtml? _parts;
    private int _partsVersion = -1;

    /// <summary>Creates an output.</summary>
    /// <param name="output">What the kernel sent, or the file has.</param>
    /// <param name="displayId">The name under which the kernel updates it; null if it has none.</param>
    /// <param name="isOwn">Whether a cell that was run here has made it.</param>
    public OutputState(NotebookOutput output, string? displayId = null, bool isOwn = false)
    {
        (_output, DisplayId, IsOwn) = (output, displayId, isOwn);
        if (output is StreamOutput stream) (_text = new StreamText()).Append(stream.Text);
    }

    /// <summary>Gets the output's id, which no other output of this process has.</summary>
    public long Id { get; } = Interlocked.Increment(ref _last);

    /// <summary>Gets the name under which the kernel updates it; null if it has none.</summary>
    public string? DisplayId { get; }

    /// <summary>Gets whether a cell that was run here has made it, rather than whoever wrote the file.</summary>
    public bool IsOwn { get; }

    /// <summary>Gets the number of changes so far.</summary>
    public int Version { get; private set; }

    /// <summary>Gets the text of a stream; null for other outputs.</summary>
    public StreamText? Text => _text;

    /// <summary>Gets the forms of a display or result; null for other outputs.</summary>
    public MimeBundle? Data => _output switch
    {
        DisplayOutput display => display.Data,
        ResultOutput result => result.Data,
        _ => null,
    };

    /// <summary>Gets the plain text of a display or result; empty if it has none.</summary>
    public string PlainText => Data is { } data && data.TryGetText("text/plain", out var text) ? text : "";

    /// <summary>Gets whether it has a form that can hold scripts.</summary>
    public bool MayHaveScripts => Data is { } data && ScriptTypes.Any(type => data.TryGet(type, out _));

    /// <summary>Gets the HTML apart from its libraries; null if there is no HTML with libraries.</summary>
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

    /// <summary>Gets the output as it is kept in the file.</summary>
    public NotebookOutput Output => _text is null ? _output : ((StreamOutput)_output) with { Text = _text.ToString() };

    /// <summary>Gets whether this is the stream of that name.</summary>
    public bool IsStream(StreamName name) => _output is StreamOutput stream && stream.Name == name;

    /// <summary>Appends to a stream.</summary>
    public void Append(string text)
    {
        _text!.Append(text);
        Version++;
    }

    /// <summary>Replaces a display.</summary>
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
