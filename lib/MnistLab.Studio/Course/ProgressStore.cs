using System.Text.Json;
using MnistLab.Hosting;

namespace MnistLab.Studio.Course;

/// <summary>
/// Stores the checks that passed, on this machine only. Both editions of a notebook share them.
/// </summary>
internal sealed class ProgressStore(StudioOptions options)
{
    private readonly string _file = Path.Combine(options.StateFolder, "progress.json");
    private readonly Lock _lock = new();
    private Dictionary<string, HashSet<string>>? _passed;

    /// <summary>Occurs when the recorded result of a check changes.</summary>
    public event Action? Changed;

    /// <summary>Returns the IDs of the cells of a notebook whose checks passed.</summary>
    /// <param name="notebook">The file name of the notebook.</param>
    public IReadOnlySet<string> PassedIn(string notebook)
    {
        lock (_lock) return Passed.TryGetValue(notebook, out var cells) ? new HashSet<string>(cells) : new HashSet<string>();
    }

    /// <summary>Records the result of a check.</summary>
    /// <param name="notebook">The file name of the notebook.</param>
    /// <param name="cell">The ID of the cell.</param>
    /// <param name="hasPassed">Whether the check passed.</param>
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
            // A damaged progress file must not prevent the course from opening.
            return [];
        }
    }
}
