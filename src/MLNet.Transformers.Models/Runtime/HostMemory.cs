using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>How much memory the operating system would give.</summary>
internal static class HostMemory
{
    /// <summary>Whether it gives so many bytes at once. They are given back untouched: no page of them is ever made.</summary>
    public static bool Gives(double bytes)
    {
        if (bytes >= nint.MaxValue)
        {
            return false;
        }
        try
        {
            Marshal.FreeHGlobal(Marshal.AllocHGlobal((nint)bytes));
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
