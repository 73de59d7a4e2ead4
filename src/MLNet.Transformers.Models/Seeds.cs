namespace MLNet.Transformers.Models;

/// <summary>Seeds for one purpose each, from one seed of the user's.</summary>
internal static class Seeds
{
    /// <summary>Neighbouring seeds and numbers give seeds that have nothing in common; the finaliser of SplitMix64 (Steele et al. 2014).</summary>
    public static ulong Mix(int seed, int number) => Mix((ulong)(uint)seed << 32 | (uint)number);

    /// <inheritdoc cref="Mix(int, int)"/>
    public static ulong Mix(ulong seed, ulong number) => Mix(Mix(seed) ^ number);

    /// <summary>FNV-1a over a name: the same on every machine and in every run, which string.GetHashCode is not.</summary>
    public static ulong Mix(int seed, string name)
    {
        ulong hash = 14695981039346656037UL ^ (uint)seed;
        foreach (char letter in name)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }
        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
