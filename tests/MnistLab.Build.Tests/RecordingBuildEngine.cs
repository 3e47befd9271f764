using System.Collections;
using System.Collections.Generic;
using Microsoft.Build.Framework;

namespace MnistLab.Build.Tests;

/// <summary>Records what a task logs, in place of MSBuild.</summary>
internal sealed class RecordingBuildEngine : IBuildEngine
{
    public List<string> Complaints { get; } = [];

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "";

    public bool BuildProjectFile(
        string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => false;

    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    public void LogErrorEvent(BuildErrorEventArgs e) => Complaints.Add(e.Message ?? "");

    public void LogMessageEvent(BuildMessageEventArgs e)
    {
    }

    public void LogWarningEvent(BuildWarningEventArgs e) => Complaints.Add(e.Message ?? "");
}
