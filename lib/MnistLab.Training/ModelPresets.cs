using MnistLab.Training.Networks;

namespace MnistLab.Training;

/// <summary>
/// The presets that a run can choose from by name. Immutable: <see cref="With"/> returns a copy with a network of your own.
/// </summary>
public sealed class ModelPresets
{
    private ModelPresets(IReadOnlyList<ModelPreset> all) => All = all;

    /// <summary>Gets the presets of the library: <see cref="DigitModels.Names"/>.</summary>
    public static ModelPresets Default { get; } = new([ModelPreset.Softmax, ModelPreset.LeNet, ModelPreset.Fast, ModelPreset.Best]);

    /// <summary>Gets the presets. The first one is used where no model is named.</summary>
    public IReadOnlyList<ModelPreset> All { get; }

    /// <summary>Gets the names of the presets, in the same order.</summary>
    public IReadOnlyList<string> Names => [.. All.Select(preset => preset.Model)];

    /// <summary>Returns a copy with one more preset, or with another one in place of that of the same name.</summary>
    /// <param name="preset">The preset. Its name may have letters, digits, <c>_</c> and <c>-</c>, at most 64.</param>
    /// <exception cref="ArgumentException">Its name is not usable.</exception>
    public ModelPresets With(ModelPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        if (preset.Model is not { Length: > 0 and <= 64 } || preset.Model.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-')))
        {
            throw new ArgumentException(
                $"'{preset.Model}' is not a valid name of a model: it may have letters, digits, '_' and '-', at most 64. Example: 'my-network'.", nameof(preset));
        }

        return new(Names.Contains(preset.Model) ? [.. All.Select(other => other.Model == preset.Model ? preset : other)] : [.. All, preset]);
    }

    /// <summary>Returns the preset of a name.</summary>
    /// <exception cref="ArgumentException">There is no preset of that name; the message lists those that there are.</exception>
    public ModelPreset Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(preset => preset.Model == name) ?? throw new ArgumentException(
            $"There is no model '{name}'. {NearestName.Suggest(name, Names)}The models are: {string.Join(", ", Names)}. "
            + "A network of your own is added with ModelPresets.Default.With(…).", nameof(name));
    }
}
