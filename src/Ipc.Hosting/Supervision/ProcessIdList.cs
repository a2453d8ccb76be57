using System.Globalization;
using System.Text;

namespace Ipc.Supervision;

/// <summary>Writes process ids for people: <c>812-815, 820</c>.</summary>
internal static class ProcessIdList
{
    public static string Format(IEnumerable<int> processIds)
    {
        int[] sorted = [.. processIds.Order()];
        var text = new StringBuilder();
        for (int first = 0; first < sorted.Length;)
        {
            int last = first;
            while (last + 1 < sorted.Length && sorted[last + 1] == sorted[last] + 1)
            {
                last++;
            }

            text.Append(text.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"{sorted[first]}");
            if (last > first)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{sorted[last]}");
            }

            first = last + 1;
        }

        return text.ToString();
    }
}
