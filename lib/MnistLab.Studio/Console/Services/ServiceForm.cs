using System.Globalization;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;
using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Services;

/// <summary>Represents the form of a deployment while it is being filled in. The library validates it.</summary>
/// <param name="models">The published model versions.</param>
/// <param name="before">The deployed service; null for a new one.</param>
/// <param name="texts">Provides the messages in the language of the page.</param>
internal sealed class ServiceForm(IReadOnlyList<RegisteredModel> models, OnlineService? before, Texts texts)
{
    /// <summary>The names of the fields, as in the errors of the library.</summary>
    public const string NameField = "Name";
    public const string ModelsField = nameof(ServiceConfiguration.Models);
    public const string PortField = nameof(ServiceConfiguration.Port);
    public const string StopAfterField = nameof(ServiceConfiguration.StopAfter);
    public const string LimitField = nameof(ServiceConfiguration.PredictionLimit);
    public const string AccessField = nameof(ServiceConfiguration.Access);

    /// <summary>The text that stands for no limit of the running time.</summary>
    public const string Never = "never";

    private Dictionary<string, string> _errors = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private string _code = "";
    private bool _isSubmitted;

    /// <summary>Gets the published model versions.</summary>
    public IReadOnlyList<RegisteredModel> Models => models;

    public string Name { get; set; } = before?.Name ?? "";

    /// <summary>Gets the versions and their weights.</summary>
    public List<WeightRow> Weights { get; } =
        [.. before?.Models.Select(model => new WeightRow($"{model.Name}:{model.Version}", Text(model.Weight))) ?? []];

    public string Port { get; set; } = "";

    public string StopAfter { get; set; } = "";

    public string Limit { get; set; } = "";

    public string Listen { get; set; } = "";

    public string Token { get; set; } = "";

    public string AppCode { get; set; } = "";

    public bool RemovesSecrets { get; set; }

    /// <summary>Gets the sum of the weights that are valid numbers.</summary>
    public int Sum => Weights.Sum(row => TryRead(row.Weight, out var weight) ? weight : 0);

    /// <summary>Returns a description of the versions of a service and their weights, for display.</summary>
    public static string Describe(IEnumerable<DeployedModel> models) =>
        string.Join(", ", models.Select(model => FormattableString.Invariant($"{model.Name} {model.Version} ({model.Weight}%)")));

    /// <summary>Returns the key of a version, such as <c>digits:0.0.1</c>.</summary>
    public static string KeyOf(RegisteredModel model) => $"{model.Name}:{model.Version}";

    /// <summary>
    /// Returns the error of a field that was filled in, or of any field after a submission; null if it is valid.
    /// </summary>
    public string? ErrorOf(string field) =>
        _isSubmitted || _touched.Contains(field) ? _errors.GetValueOrDefault(field) : null;

    /// <summary>Marks a field as filled in, and validates the form.</summary>
    public void Touch(string field)
    {
        _touched.Add(field);
        Read(_errors = []);
    }

    /// <summary>Reads the form for submission. From now on, the errors of all fields are shown.</summary>
    /// <returns>The configuration; null if a field is not valid.</returns>
    public ServiceConfiguration? Submit()
    {
        _isSubmitted = true;
        return Read(_errors = []);
    }

    /// <summary>Returns the notebook code that deploys the service with the last valid state of the form.</summary>
    public string ToCode()
    {
        if (Read([]) is { } configuration) _code = ServiceCode.Deploy(Name.Trim(), configuration, before is null);
        return _code;
    }

    private ServiceConfiguration? Read(Dictionary<string, string> errors)
    {
        if (OnlineServices.FindProblemOfName(Name.Trim()) is { } problem) errors[NameField] = problem.Message;
        var configuration = new ServiceConfiguration
        {
            Models = ReadModels(errors),
            Port = (int?)ReadNumber(errors, PortField, Port),
            StopAfter = StopAfter.Trim() == Never
                ? Timeout.InfiniteTimeSpan
                : ReadTime(errors, StopAfterField, StopAfter, TimeSpan.FromMinutes),
            PredictionLimit = ReadTime(errors, LimitField, Limit, TimeSpan.FromSeconds),
            Access = ReadAccess(),
        };
        foreach (var error in configuration.FindProblems()) errors.TryAdd(error.Field ?? "", error.Message);
        return errors.Count == 0 ? configuration : null;
    }

    private List<WeightedModel> ReadModels(Dictionary<string, string> errors)
    {
        var read = new List<WeightedModel>();
        foreach (var row in Weights)
        {
            if (models.FirstOrDefault(model => KeyOf(model) == row.Model) is not { } model)
                errors[ModelsField] = texts[ServiceTexts.ChooseVersion];
            else if (!TryRead(row.Weight, out var weight))
                errors[ModelsField] = texts.Format(ServiceTexts.NotANumber, row.Weight);
            else
                read.Add(new WeightedModel(model, weight));
        }

        return read;
    }

    private double? ReadNumber(Dictionary<string, string> errors, string field, string text)
    {
        if (text.Trim().Length == 0) return null;
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (double.TryParse(text.Trim(), Styles, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e7)
            return number;
        errors[field] = texts.Format(ServiceTexts.NotANumber, text);
        return null;
    }

    private TimeSpan? ReadTime(
        Dictionary<string, string> errors, string field, string text, Func<double, TimeSpan> unit) =>
        ReadNumber(errors, field, text) is { } number ? unit(number) : null;

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // An empty field leaves the setting unchanged.
    private AccessSettings? ReadAccess()
    {
        if (Listen.Trim().Length + Token.Length + AppCode.Length == 0 && !RemovesSecrets) return null;
        var (address, token, appCode) = (Listen.Trim(), Token, AppCode);
        return new AccessSettings(
            address.Length > 0 ? address : before?.Access?.Address ?? "127.0.0.1",
            token.Length > 0 ? token : RemovesSecrets ? null : before?.Access?.Token,
            appCode.Length > 0 ? appCode : RemovesSecrets ? null : before?.Access?.AppCode);
    }
}
