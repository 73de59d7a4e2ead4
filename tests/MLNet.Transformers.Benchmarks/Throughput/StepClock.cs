using System.Diagnostics;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Times training from the end of the first step to the end of the last: neither loading nor tokenizing.</summary>
internal sealed class StepClock : IProgress<TrainingProgress>
{
    private long _first;
    private long _last;
    private int _steps;

    public double Seconds => Stopwatch.GetElapsedTime(_first, _last).TotalSeconds;

    public double SecondsPerStep => Seconds / _steps;

    public void Report(TrainingProgress value)
    {
        _last = Stopwatch.GetTimestamp();
        (_first, _steps) = value.Step == 1 ? (_last, 0) : (_first, value.Step - 1);
    }
}
