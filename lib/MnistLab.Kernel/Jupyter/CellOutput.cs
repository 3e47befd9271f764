using System.Text;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Sends the output of a cell, including that of background work after the end of the cell. Text is sent in batches,
/// and always before any output that follows it.
/// </summary>
internal sealed class CellOutput : IOutputSink, IDisposable
{
    private const int LargestBatch = 1 << 15;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly Action<string, JsonObject> _publish;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly WholeCharacters _output = new();
    private readonly WholeCharacters _error = new();
    private StreamName _stream;
    private long _waitingSince;

    /// <param name="publish">Sends a message with a type and a content.</param>
    /// <param name="time">Measures the maximum delay of a batch.</param>
    public CellOutput(Action<string, JsonObject> publish, TimeProvider time)
    {
        (_publish, _time) = (publish, time);
        _timer = time.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Write(StreamName stream, string text)
    {
        lock (_lock)
        {
            text = (stream == StreamName.Stdout ? _output : _error).Add(text);
            if (_stream != stream) Send();
            _stream = stream;
            if (_text.Length == 0)
            {
                _waitingSince = _time.GetTimestamp();
                _timer.Change(MaxDelay, Timeout.InfiniteTimeSpan);
            }

            _text.Append(text);
            // The timer may be late, or never fire, while a cell keeps all thread-pool threads busy.
            if (_text.Length >= LargestBatch || _time.GetElapsedTime(_waitingSince) > MaxDelay) Send();
        }
    }

    public void Display(MimeBundle data, string displayId) => Publish("display_data", DisplayContent(data, displayId));

    public void UpdateDisplay(MimeBundle data, string displayId) => Publish("update_display_data", DisplayContent(data, displayId));

    public void ClearOutput(bool wait) => Publish("clear_output", new() { ["wait"] = wait });

    /// <summary>Sends a message after all earlier output.</summary>
    public void Publish(string type, JsonObject content)
    {
        lock (_lock)
        {
            Send();
            _publish(type, content);
        }
    }

    /// <summary>Sends the buffered text.</summary>
    public void Flush()
    {
        lock (_lock) Send();
    }

    public void Dispose()
    {
        Flush();
        _timer.Dispose();
    }

    /// <summary>Returns all representations of a value in the format of a message.</summary>
    public static JsonObject Data(MimeBundle bundle) => new(bundle.Select(form => KeyValuePair.Create(form.Key, form.Value?.DeepClone())));

    private static JsonObject DisplayContent(MimeBundle data, string displayId) => new()
    {
        ["data"] = Data(data),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    private void Send()
    {
        if (_text.Length == 0) return;
        _publish("stream", new() { ["name"] = _stream == StreamName.Stdout ? "stdout" : "stderr", ["text"] = _text.ToString() });
        _text.Clear();
    }
}
