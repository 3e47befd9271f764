using System.Text.Json;
using MnistLab.Hosting;

namespace MnistLab.Studio.Course;

/// <summary>The checks that have passed, kept on this machine only. Both editions of a notebook share them.</summary>
internal sealed class ProgressStore(StudioOptions options)
{
    private readonly string _file = Path.Combine(options.StateFolder, "progress.json");
    private readonly Lock _lock = new();
    private Dictionary<string, HashSet<string>>? _passed;

    /// <summary>Occurs when a check has passed or failed.</summary>
    public event Action? Changed;

    /// <summary>Returns the cells of a notebook whose checks have passed.</summary>
    /// <param name="notebook">The notebook's file name.</param>
    public IReadOnlySet<string> PassedIn(string notebook)
    {
        lock (_lock) return Passed.TryGetValue(notebook, out var cells) ? new HashSet<string>(cells) : new HashSet<string>();
    }

    /// <summary>Takes note of a check.</summary>
    /// <param name="notebook">The notebook's file name.</param>
    /// <param name="cell">The id of the cell.</param>
    /// <param name="hasPassed">Whether it has passed.</param>
    public void Record(string notebook, string cell, bool hasPassed)
    {
        lock (_lock)
        {
            if (!Passed.TryGetValue(notebook, out var cells)) Passed[notebook] = cells = [];
            if (!(hasPassed ? cells.Add(cell) : cells.Remove(cell))) return;
            AtomicFile.WriteAllText(_file, JsonSerializer.Serialize(Passed));
        }

        Changed?.Invoke();
    }

    private Dictionary<string, HashSet<string>> Passed => _passed ??= Read();

    private Dictionary<string, HashSet<string>> Read()
    {
        try
        {
            return File.Exists(_file) ? JsonSerializer.Deserialize<Dictionary<string, HashSet<string>>>(File.ReadAllText(_file)) ?? [] : [];
        }
        catch (JsonException)
        {
            // Progress is no reason not to open the course.
            return [];
        }
    }
}
