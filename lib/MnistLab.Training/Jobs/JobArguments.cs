using System.Globalization;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents the arguments that the platform passes to a boot file, as <c>--name=value</c> or <c>--name value</c>. An
/// empty value counts as missing: the platform passes an empty form field as <c>--data_url=</c>, which must not
/// override the default.
/// </summary>
public sealed class JobArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>
    /// Initializes a new instance of the <see cref="JobArguments"/> class from the arguments of a program.
    /// </summary>
    /// <exception cref="ArgumentException">An argument does not have one of these forms.</exception>
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

    /// <summary>Gets the arguments that have a value.</summary>
    public IReadOnlyDictionary<string, string> Given => _values.Where(value => value.Value.Length > 0).ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Gets the arguments that have a value, except <c>data_url</c>, <c>train_url</c>, and <c>log_dir</c>, which
    /// specify where the training reads and writes.
    /// </summary>
    public IReadOnlyDictionary<string, string> HyperParameters => Given
        .Where(value => value.Key is not ("data_url" or "train_url" or "log_dir"))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Returns the value of an argument as text, or the fallback if it is missing.</summary>
    public string Text(string name, string fallback) => Value(name) ?? fallback;

    /// <summary>Returns the value of an argument as an integer, or the fallback if it is missing.</summary>
    /// <exception cref="ArgumentException">The value is not a valid number.</exception>
    public int Integer(string name, int fallback) => Value(name) is not { } text ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw new ArgumentException($"--{name}={text} is not a whole number.");

    /// <summary>
    /// Returns the value of an argument as a finite number, written with a decimal point, or the fallback if it is
    /// missing.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not a valid number.</exception>
    public double Number(string name, double fallback) => Value(name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : throw new ArgumentException($"--{name}={text} is not a number.");

    /// <summary>
    /// Returns the value of an argument as a Boolean, written as <c>true</c> or <c>false</c>, or the fallback if it is
    /// missing.
    /// </summary>
    /// <exception cref="ArgumentException">The value is neither <c>true</c> nor <c>false</c>.</exception>
    public bool Flag(string name, bool fallback) => Value(name) is not { } text ? fallback
        : bool.TryParse(text, out var value) ? value
        : throw new ArgumentException($"--{name}={text} is neither true nor false.");

    /// <summary>Returns the value of an argument as the address of an object or prefix.</summary>
    /// <exception cref="ArgumentException">The argument is missing or is not a valid address.</exception>
    public ObjectUrl Url(string name) => Value(name) is not { } text
        ? throw new ArgumentException($"--{name} is missing. Write --{name}=s3://bucket/folder/.")
        : ObjectUrl.TryParse(text, out var url) ? url
        : throw new ArgumentException($"--{name}={text} is not an object address. Write --{name}=s3://bucket/folder/.");

    private string? Value(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
