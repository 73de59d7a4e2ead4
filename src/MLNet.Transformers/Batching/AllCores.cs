using System.Runtime.ExceptionServices;

namespace MLNet.Transformers.Batching;

/// <summary>Work on rows that do not depend on each other.</summary>
internal static class AllCores
{
    /// <summary>Does something for each number below a count. What fails is thrown as it is, not wrapped; of several failures the first.</summary>
    public static void For(int count, Action<int> action)
    {
        if (count == 1)
        {
            action(0);
            return;
        }
        try
        {
            Parallel.For(0, count, action);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
