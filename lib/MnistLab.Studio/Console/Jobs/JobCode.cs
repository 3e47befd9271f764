using System.Globalization;
using System.Text;
using MnistLab.Notebooks;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Generates the notebook code that is equivalent to a screen of the training jobs.</summary>
internal static class JobCode
{
    /// <summary>Returns the code that submits a job and follows its progress.</summary>
    public static string Submit(TrainingJobSpec spec, Lab lab)
    {
        var code = new StringBuilder("var job = await lab.Jobs.SubmitAsync(new TrainingJobSpec\n{\n");
        void Property(string name, string value) => Append(code, $"    {name} = {value},\n");
        Property("JobName", NotebookCode.Literal(spec.JobName));
        if (spec.JobDescription.Length > 0) Property("JobDescription", NotebookCode.Literal(spec.JobDescription));
        Property("AppUrl", Url(spec.AppUrl, lab));
        Property("BootFileUrl", Url(spec.BootFileUrl, lab));
        Property("DataUrl", Url(spec.DataUrl, lab));
        Property("TrainUrl", Url(spec.TrainUrl, lab));
        if (spec.Parameters.Count > 0)
        {
            code.Append("    Parameters = new Dictionary<string, string>\n    {\n");
            foreach (var (name, value) in spec.Parameters)
                Append(code, $"        [{NotebookCode.Literal(name)}] = {NotebookCode.Literal(value)},\n");
            code.Append("    },\n");
        }

        if (spec.WorkerCount != 1) Property("WorkerCount", spec.WorkerCount.ToString(CultureInfo.InvariantCulture));
        if (spec.HostFile is { } hosts) Property("HostFile", NotebookCode.Literal(hosts));
        if (spec.Target != JobTarget.Local) Property("Target", $"JobTarget.{spec.Target}");
        if (spec.MaxDuration is { } limit)
            Property("MaxDuration", FormattableString.Invariant($"TimeSpan.FromMinutes({limit.TotalMinutes})"));
        return OfJobs(code.Append("});\nawait job.FollowAsync();").ToString());
    }

    /// <summary>Returns the code that finds a job and performs the actions of its page.</summary>
    public static string Follow(TrainingJob job) => OfJobs(
        $"""
        var job = lab.Jobs.Find({NotebookCode.Literal(job.Spec.JobName)}, {NotebookCode.Literal(job.Version)});
        await job.FollowAsync();
        // await job.StopAsync();
        // job = await lab.Jobs.ResumeAsync(job);
        """);

    /// <summary>Returns the code that compares versions.</summary>
    public static string Compare(IEnumerable<JobView> jobs)
    {
        var code = new StringBuilder("TrainingJob[] versions =\n[\n");
        foreach (var job in jobs)
            Append(code, $"    lab.Jobs.Find({NotebookCode.Literal(job.Name)}, {NotebookCode.Literal(job.Version)}),\n");
        const string Metrics = "versions.Select(job => new { job.Version, job.Validation?.Accuracy, job.Validation?.Loss })";
        return OfJobs(code.Append("];\n").Append(Metrics).ToString());
    }

    private static string OfJobs(string code) => NotebookCode.OfLab(code, typeof(TrainingJobSpec), typeof(ObjectUrl));

    private static void Append(StringBuilder code, FormattableString text) => code.Append(FormattableString.Invariant(text));

    private static string Url(ObjectUrl url, Lab lab)
    {
        (string Name, ObjectUrl Url)[] known =
            [("lab.CodesUrl", lab.CodesUrl), ("lab.DatasetsUrl", lab.DatasetsUrl), ("lab.LogUrl", lab.LogUrl)];
        foreach (var (name, prefix) in known)
        {
            if (url.Equals(prefix)) return name;
            if (url.Bucket == prefix.Bucket && url.Key.StartsWith(prefix.Key, StringComparison.Ordinal))
                return $"{name} / {NotebookCode.Literal(url.Key[prefix.Key.Length..])}";
        }

        return $"ObjectUrl.Parse({NotebookCode.Literal(url.ToString())})";
    }
}
