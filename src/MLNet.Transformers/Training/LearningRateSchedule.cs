namespace MLNet.Transformers;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Falls linearly to 0 at the last step (BERT, optimization.py).</summary>
    Linear,

    /// <summary>Stays.</summary>
    Constant,

    /// <summary>Falls to 0 at the last step along half a cosine.</summary>
    Cosine,
}

internal static class LearningRates
{
    /// <summary>The factor on the peak rate at a step, 0 to 1.</summary>
    /// <param name="schedule">What follows the warm-up.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="warmup">Steps of warm-up.</param>
    public static double Factor(this LearningRateSchedule schedule, int step, int steps, int warmup)
    {
        if (step < warmup)
        {
            return (double)step / warmup;
        }
        double done = steps > warmup ? (double)(step - warmup) / (steps - warmup) : 1;
        return schedule switch
        {
            LearningRateSchedule.Constant => 1,
            LearningRateSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * done)),
            _ => Math.Max(0, 1 - done),
        };
    }
}
