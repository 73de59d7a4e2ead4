using MLNet.Transformers.Models;

namespace MLNet.Transformers.Prediction;

/// <summary>
/// One set of weights, counted: a transformer and every prediction engine and cursor that is made of it hold it, and it is freed when the last
/// of them is disposed. Scoring changes nothing in it, so its holders may score at once on several threads.
/// </summary>
internal sealed class SharedNetwork(TaskModel model)
{
    private int _holders;

    private TaskModel TheModel => model;

    /// <summary>Holds the network until the lease is disposed.</summary>
    /// <param name="holder">What to call the holder when it is used after it was disposed.</param>
    public Lease Hold(string holder)
    {
        Interlocked.Increment(ref _holders);
        return new Lease(this, holder);
    }

    internal sealed class Lease(SharedNetwork network, string holder) : IDisposable
    {
        private int _disposed;

        /// <exception cref="ObjectDisposedException">The holder was disposed.</exception>
        public TaskModel Model => Held.TheModel;

        /// <summary>A lease of the same network for another holder.</summary>
        public Lease Share(string other) => Held.Hold(other);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0 && Interlocked.Decrement(ref network._holders) == 0)
            {
                network.TheModel.Dispose();
            }
        }

        private SharedNetwork Held => _disposed == 0 ? network : throw new ObjectDisposedException(holder);
    }
}
