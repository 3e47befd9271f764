using System.Globalization;
using MnistLab.Notebooks;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Represents the form of a training job while it is being filled in. The library validates it.</summary>
internal sealed class JobForm
{
    /// <summary>The names of the fields, as in the errors of the library.</summary>
    public const string NameField = "job_name";
    public const string DescriptionField = "job_desc";
    public const string CodeField = "app_url";
    public const string BootFileField = "boot_file_url";
    public const string DataField = "data_url";
    public const string TrainField = "train_url";
    public const string WorkersField = "worker_server_num";
    public const string HostFileField = "host_file";
    public const string MaxMinutesField = "max_duration";

    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Fraction = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static readonly string[] Fields =
    [
        NameField, DescriptionField, CodeField, BootFileField, DataField, TrainField, WorkersField, HostFileField, MaxMinutesField,
    ];

    private readonly Lab _lab;
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private Dictionary<string, string> _errors = [];
    private bool _isSubmitted;
    private string _code = "";

    /// <summary>Initializes the form with the tutorial's job.</summary>
    public JobForm(Lab lab)
    {
        _lab = lab;
        (CodeUrl, BootFile) = (lab.CodesUrl.ToString(), (lab.CodesUrl / "train_mnist.cs").ToString());
        (DataUrl, TrainUrl) = (lab.DatasetsUrl.ToString(), lab.LogUrl.ToString());
    }

    /// <summary>Initializes the form with a submitted job, to change and resubmit it.</summary>
    public JobForm(Lab lab, TrainingJobSpec spec)
    {
        _lab = lab;
        (Name, Description) = (spec.JobName, spec.JobDescription);
        (CodeUrl, BootFile) = (spec.AppUrl.ToString(), spec.BootFileUrl.ToString());
        (DataUrl, TrainUrl) = (spec.DataUrl.ToString(), spec.TrainUrl.ToString());
        (Workers, HostFile, Target) = (Text(spec.WorkerCount), spec.HostFile ?? "", spec.Target);
        MaxMinutes = spec.MaxDuration is { } limit ? Text(limit.TotalMinutes) : "";
        Parameters = [.. spec.Parameters.Select(parameter => new ParameterRow(parameter.Key, parameter.Value))];
    }

    public string Name { get; set; } = "train_mnist";

    public string Description { get; set; } = "";

    public string CodeUrl { get; set; }

    public string BootFile { get; set; }

    public string DataUrl { get; set; }

    public string TrainUrl { get; set; }

    public string Workers { get; set; } = "1";

    public string HostFile { get; set; } = "";

    public JobTarget Target { get; set; }

    public string MaxMinutes { get; set; } = "";

    /// <summary>Gets the parameters; initially those of the tutorial's model, softmax regression.</summary>
    public List<ParameterRow> Parameters { get; } = [new("model", "softmax"), new("max_number_of_steps", "1000")];

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
    /// <returns>The specification of the job; null if a field is not valid.</returns>
    public TrainingJobSpec? Submit()
    {
        _isSubmitted = true;
        return Read(_errors = []);
    }

    /// <summary>Shows an error from the library.</summary>
    /// <returns>Whether the error concerns a field of the form.</returns>
    public bool Show(TrainingJobException error) =>
        error.Field is { } field && HasField(field) && _errors.TryAdd(field, error.Message);

    /// <summary>Returns the notebook code that submits the form in its last valid state.</summary>
    public string ToCode()
    {
        if (Read([]) is { } spec) _code = JobCode.Submit(spec, _lab);
        return _code;
    }

    /// <summary>Reads the form, and collects the errors of its fields.</summary>
    private TrainingJobSpec? Read(Dictionary<string, string> errors)
    {
        ObjectUrl Url(string field, string text, ObjectUrl otherwise) => ReadUrl(errors, field, text, otherwise);
        double Number(string field, string text, NumberStyles styles) => ReadNumber(errors, field, text, styles);
        var spec = new TrainingJobSpec
        {
            JobName = Name.Trim(),
            JobDescription = Description,
            AppUrl = Url(CodeField, CodeUrl, _lab.CodesUrl),
            BootFileUrl = Url(BootFileField, BootFile, _lab.CodesUrl),
            DataUrl = Url(DataField, DataUrl, _lab.DatasetsUrl),
            TrainUrl = Url(TrainField, TrainUrl, _lab.LogUrl),
            Parameters = ReadParameters(errors),
            WorkerCount = (int)Number(WorkersField, Workers, Whole),
            HostFile = HostFile.Trim() is { Length: > 0 } file ? file : null,
            Target = Target,
            MaxDuration = MaxMinutes.Trim().Length == 0
                ? null
                : TimeSpan.FromMinutes(Number(MaxMinutesField, MaxMinutes, Fraction)),
        };
        foreach (var problem in spec.FindProblems()) errors.TryAdd(problem.Field ?? "", problem.Message);
        return errors.Count == 0 ? spec : null;
    }

    private static ObjectUrl ReadUrl(Dictionary<string, string> errors, string field, string text, ObjectUrl otherwise)
    {
        try
        {
            return ObjectUrl.Parse(text.Trim());
        }
        catch (FormatException error)
        {
            errors[field] = error.Message;
            return otherwise;
        }
    }

    private static double ReadNumber(Dictionary<string, string> errors, string field, string text, NumberStyles styles)
    {
        if (double.TryParse(text.Trim(), styles, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e6)
            return number;
        errors[field] = $"{field} '{text}' is not usable: it must be a number.";
        return 1;
    }

    private Dictionary<string, string> ReadParameters(Dictionary<string, string> errors)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Parameters.Where(row => !row.IsEmpty))
        {
            if (!parameters.TryAdd(row.Name.Trim(), row.Value.Trim()))
                errors[row.Field] = $"{row.Field} is specified twice. Remove one of them.";
        }

        return parameters;
    }

    private bool HasField(string field) =>
        Fields.Contains(field) || Parameters.Exists(row => row.Field == field);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
