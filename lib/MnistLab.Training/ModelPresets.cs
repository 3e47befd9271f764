using MnistLab.Hosting;
using MnistLab.Training.Networks;

namespace MnistLab.Training;

/// <summary>
/// Represents the presets that a run can choose from by name. Immutable: <see cref="With"/> returns a copy that
/// includes a network of your own.
/// </summary>
public sealed class ModelPresets
{
    private ModelPresets(IReadOnlyList<ModelPreset> all) => All = all;

    /// <summary>Gets the presets of the library, whose models are <see cref="DigitModels.Names"/>.</summary>
    public static ModelPresets Default { get; } = new([ModelPreset.Softmax, ModelPreset.LeNet, ModelPreset.Fast, ModelPreset.Best]);

    /// <summary>Gets the presets. The first is the default model.</summary>
    public IReadOnlyList<ModelPreset> All { get; }

    /// <summary>Gets the names of the presets, in the same order.</summary>
    public IReadOnlyList<string> Names => [.. All.Select(preset => preset.Model)];

    /// <summary>Returns a copy with the preset added, or with it in place of the preset of the same name.</summary>
    /// <param name="preset">
    /// The preset. Its name consists of 1 to 64 ASCII letters, digits, <c>_</c>, and <c>-</c>.
    /// </param>
    /// <exception cref="ArgumentException">The preset's name is not valid.</exception>
    public ModelPresets With(ModelPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        if (preset.Model is not { Length: > 0 and <= 64 }
            || preset.Model.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-')))
        {
            throw new ArgumentException(
                $"'{preset.Model}' is not a valid model name: use at most 64 letters, digits, '_', and '-'. Example: 'my-network'.",
                nameof(preset));
        }

        return new(Names.Contains(preset.Model)
            ? [.. All.Select(other => other.Model == preset.Model ? preset : other)]
            : [.. All, preset]);
    }

    /// <summary>Returns the preset with the specified name.</summary>
    /// <exception cref="ArgumentException">There is no preset of that name; the message lists the names.</exception>
    public ModelPreset Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(preset => preset.Model == name) ?? throw new ArgumentException(
            $"There is no model '{name}'. {NearestName.Suggest(name, Names)}The models are: {string.Join(", ", Names)}. "
            + "Add your own network with ModelPresets.Default.With(…).", nameof(name));
    }
}
