using System.Globalization;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// The arguments that the platform passes to a boot file, as <c>--name=value</c> or <c>--name value</c>.
/// An empty value counts as absent: the platform passes an empty form field as <c>--data_url=</c>, which must not
/// defeat the default.
/// </summary>
public sealed class JobArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is not of that form.</exception>
    public JobArguments(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || args[i].Length == 2)
                throw new ArgumentException($"'{args[i]}' is not an argument of a boot file. Write --name=value.", nameof(args));
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
                _values[args[i][2..equals]] = args[i][(equals + 1)..];
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                _values[args[i][2..]] = args[++i];
            else
                throw new ArgumentException($"{args[i]} has no value. Write {args[i]}=value.", nameof(args));
        }
    }

    /// <summary>The arguments that have a value.</summary>
    public IReadOnlyDictionary<string, string> Given => _values.Where(value => value.Value.Length > 0).ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The arguments that have a value and that are about the training itself: not where it reads and writes.
    /// </summary>
    public IReadOnlyDictionary<string, string> HyperParameters => Given.Where(value => value.Key is not ("data_url" or "train_url" or "log_dir")).ToDictionary(StringComparer.Ordinal);

    /// <summary>A text.</summary>
    public string Text(string name, string fallback) => Value(name) ?? fallback;

    /// <summary>A whole number.</summary>
    /// <exception cref="ArgumentException">The value is none.</exception>
    public int Integer(string name, int fallback) => Value(name) is not { } text ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw new ArgumentException($"--{name}={text} is not a whole number.");

    /// <summary>A number, written with a point.</summary>
    /// <exception cref="ArgumentException">The value is none.</exception>
    public double Number(string name, double fallback) => Value(name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : throw new ArgumentException($"--{name}={text} is not a number.");

    /// <summary>Yes or no, written <c>true</c> or <c>false</c>.</summary>
    /// <exception cref="ArgumentException">The value is neither.</exception>
    public bool Flag(string name, bool fallback) => Value(name) is not { } text ? fallback
        : bool.TryParse(text, out var value) ? value
        : throw new ArgumentException($"--{name}={text} is neither true nor false.");

    /// <summary>The address of an object or a prefix.</summary>
    /// <exception cref="ArgumentException">It is missing or is no address.</exception>
    public ObjectUrl Url(string name) => Value(name) is not { } text ? throw new ArgumentException($"--{name} is missing. Write --{name}=s3://bucket/folder/.")
        : ObjectUrl.TryParse(text, out var url) ? url
        : throw new ArgumentException($"--{name}={text} is not an object address. Write --{name}=s3://bucket/folder/.");

    private string? Value(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
